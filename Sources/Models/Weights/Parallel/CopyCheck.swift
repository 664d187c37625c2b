internal import DSXCore
internal import Glibc

/// Compares what several ranks hold of the same part of a tensor.
enum CopyCheck {
  /// A rank's part.
  struct Holder {
    let rank: Int
    let recipe: TensorRecipe
  }

  /// The first holder's part, which all others must equal in type, shape and bytes.
  ///
  /// Throws `corrupt` naming the tensor and two ranks that differ. `trusts` skips the comparison of bytes.
  static func one(_ holders: [Holder], _ name: String, trusts: Bool) throws(DSXError)
    -> TensorRecipe
  {
    guard let first = holders.first else { throw DSXError(.internal, "no part of '\(name)'") }
    for other in holders.dropFirst() {
      guard other.recipe.type == first.recipe.type, other.recipe.shape == first.recipe.shape else {
        throw DSXError(
          .corrupt,
          "the tensor '\(name)' is \(first.recipe.type.shortName) \(first.recipe.shape) on rank "
            + "\(first.rank), but \(other.recipe.type.shortName) \(other.recipe.shape) on rank "
            + "\(other.rank)", file: other.recipe.origin?.file)
      }
      guard !trusts, try !isEqual(first.recipe, other.recipe) else { continue }
      throw DSXError(
        .corrupt,
        "the tensor '\(name)' differs between the ranks \(first.rank) and \(other.rank), which "
          + "should hold copies", file: other.recipe.origin?.file,
        hint: "the files are not of one step, or the tensor was cut in another way; "
          + "--any-copy takes the lowest rank's")
    }
    return first.recipe
  }

  static func isEqual(_ one: TensorRecipe, _ other: TensorRecipe) throws(DSXError) -> Bool {
    let (left, right) = (try one.bytes(), try other.bytes())
    return left.withBytes { left in
      right.withBytes { right in
        guard left.count == right.count else { return false }
        guard let a = left.baseAddress, let b = right.baseAddress else { return true }
        return memcmp(a, b, left.count) == 0
      }
    }
  }
}
