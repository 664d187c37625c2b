public import DSXCore

/// Operations one after the other, seeded: what a pipeline does to each image of a data set.
public struct ImageTransform: Hashable, Sendable {
  /// The steps in order.
  public var operations: [ImageOperation]
  /// What the random steps depend on, with the number of the image.
  public var seed: UInt64

  /// Steps in order.
  public init(_ operations: [ImageOperation], seed: UInt64 = 0) {
    self.operations = operations
    self.seed = seed
  }

  /// Applies all steps to image `number` of the epoch.
  ///
  /// Random steps draw from a generator of their own for each image and epoch, so the result does not
  /// depend on which thread does it, in what order, or on the images before. Throws as the steps do;
  /// `name` is what errors call the image.
  public func apply(
    _ image: Image, number: Int, epoch: Int = 0, resizer: ImageResizer, name: String? = nil
  ) throws(DSXError) -> Image {
    var generator = PCG64(seed: operations.contains(where: \.isRandom) ? mixed(number, epoch) : 0)
    var image = image
    do throws(DSXError) {
      for operation in operations {
        image = try operation.apply(image, resizer: resizer, generator: &generator)
      }
    } catch {
      throw name.map { error.inFile($0) } ?? error
    }
    return image
  }

  /// Seed, epoch and number as one seed: each goes through the 64-bit mixer of SplitMix64.
  private func mixed(_ number: Int, _ epoch: Int) -> UInt64 {
    var state = seed
    for word in [UInt64(bitPattern: Int64(epoch)), UInt64(bitPattern: Int64(number))] {
      state = state &+ word &* 0xd134_2543_de82_ef95 &+ 0x9e37_79b9_7f4a_7c15
      state = (state ^ (state >> 30)) &* 0xbf58_476d_1ce4_e5b9
      state = (state ^ (state >> 27)) &* 0x94d0_49bb_1331_11eb
      state ^= state >> 31
    }
    return state
  }
}
