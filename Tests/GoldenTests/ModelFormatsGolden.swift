import DSXCore
import Models
import Testing

/// `models/*/tensors.json` with the same tensors in several files: every file of every format must give
/// the digests.
enum ModelFormatsGolden {
  static func walk(_ run: GoldenRun) throws {
    try tensors(run, "nanogpt_zh", golden: "nanogpt_zh/tensors.json")
    try tensors(run, "digits_cnn", golden: "digits/tensors.json")
  }

  private static func tensors(_ run: GoldenRun, _ model: String, golden name: String) throws {
    let golden = try run.json(name)
    // One file wraps the tensors, the other lists them at the top.
    let table = golden["tensors"] ?? golden
    if let folder = GoldenPlaces.current.find(["models/\(model)"]) {
      run.check("tensors", "\(model)/model.safetensors") {
        try difference(TensorStore(folder: folder), table, digest: "sha256_f32le")
      }
    }
    let folder = run.path("formats/\(model)")
    guard FilePath.isFolder(folder) else {
      run.skip("tensors", "formats/\(model) is not here")
      return
    }
    for file in try FilePath.list(folder) {
      let path = FilePath.join(folder, file)
      let name = "\(model)/\(file)"
      if file.contains("-of-") { continue }  // a shard: its index is the case
      let digest =
        file.contains("_bf16")
        ? "sha256_f32le_of_bf16" : file.contains("_f16") ? "sha256_f32le_of_f16" : "sha256_f32le"
      run.check("tensors", name) {
        try difference(TensorStore(path: path), table, digest: digest)
      }
    }
  }

  private static func difference(_ store: TensorStore, _ table: JSONValue, digest: String) throws
    -> String?
  {
    let wanted = (table.object ?? []).filter { $0.value.object != nil }
    guard wanted.count == store.names.count else {
      return "\(store.names.count) tensors instead of \(wanted.count)"
    }
    for member in wanted {
      let shape = (member.value["shape"]?.array ?? []).compactMap(\.int)
      let tensor = try store.floats(member.name, shape: shape)
      var hash = SHA256()
      tensor.withElements { hash.update(UnsafeRawBufferPointer($0)) }
      // A model that was trained in float16 has no other digest of it.
      let wanted =
        member.value[digest] ?? (digest.hasSuffix("_f16") ? member.value["sha256_f32le"] : nil)
      guard let theirs = wanted?.string else { return "\(member.name): no \(digest)" }
      guard hash.hexDigest() == theirs else { return "\(member.name): other numbers" }
    }
    return nil
  }
}
