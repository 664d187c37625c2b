internal import DSXCore
internal import Datasets
internal import Glibc
internal import Models

extension PredictionRun {
  /// SHA-256 over the names, sizes and times of the images (or of their archives) that a column of paths names: they may change while
  /// the table stays. Nil where the data set holds its images itself.
  static func namedImages(
    _ dataset: MsDataset, _ fields: [PipelineField], _ options: PredictionOptions,
    _ id: PredictionID
  ) throws(DSXError) -> String? {
    guard fields.contains(where: { $0.kind == .image }) else { return nil }
    var rows = try PredictionRows(dataset, fields, chosen: options.columns, id: id)
    guard rows.namesImages else { return nil }
    rows.opensMembers = false
    var hash = SHA256()
    var left = options.limit ?? .max
    while left > 0 {
      let some = try rows.next(min(left, 256))
      guard !some.isEmpty else { break }
      left -= some.count
      for row in some {
        guard case .file(let file) = row.values else { continue }
        let path: String
        switch file {
        case .path(let own): path = own
        case .member(let archive, _): path = archive
        }
        var status = stat()
        let isThere = stat(path, &status) == 0
        let time = status.st_mtim
        let facts = isThere ? " \(status.st_size) \(time.tv_sec).\(time.tv_nsec)" : ""
        hash.update(file.location + facts + "\n")
      }
    }
    return hash.hexDigest()
  }
}
