internal import Archives
internal import DSXCore
internal import Datasets
internal import Glibc
internal import Images
internal import Models
internal import Records

/// The C libraries as they are linked: versions, files, and whether they are those that dsx was built for.
enum DoctorLibraries {
  private static let topic = "libraries"

  static func findings() -> [DoctorFinding] {
    let maps = SystemText.read("/proc/self/maps") ?? ""
    var linked =
      ArchiveLibraries.linked + RecordLibraries.linked + ImageLibraries.linked
      + TableLibraries.linked
    linked += ModelFolder.runtime.filter { $0.name == "blas" }.map {
      LinkedLibrary("openblas", running: $0.value, built: nil)
    }
    return [.ok(topic, "dsx", "\(Version.current), Swift \(swift)")]
      + linked.map { finding($0, file($0.name, maps)) }
  }

  private static var swift: String {
    #if compiler(>=6.3)
      "6.3 or later"
    #elseif compiler(>=6.2)
      "6.2"
    #else
      "6"
    #endif
  }

  private static func finding(_ library: LinkedLibrary, _ file: String?) -> DoctorFinding {
    let place = file.map { ", " + $0 } ?? ", part of the program"
    let version = library.running ?? library.built.map { "built for " + $0 } ?? "version not told"
    if let problem = library.problem {
      return .fail(
        topic, library.name, version + place + ": " + problem, "install Debian's library")
    }
    guard let running = library.running, let built = library.built,
      major(running) != major(built)
    else { return .ok(topic, library.name, version + place) }
    return .warn(
      topic, library.name, "\(running)\(place), but dsx was built for \(built)",
      "build dsx again on this machine, or install the version that it was built for")
  }

  /// The first number of a version.
  private static func major(_ version: String) -> String {
    let digits = version.utf8.drop { !(48...57).contains($0) }.prefix { (48...57).contains($0) }
    return String(decoding: digits, as: UTF8.self)
  }

  /// The file of a shared library that this process has mapped, links followed.
  private static func file(_ name: String, _ maps: String) -> String? {
    let known = ["zlib": "libz", "sqlite": "libsqlite3", "libjpeg-turbo": "libturbojpeg"]
    let stem = known[name] ?? (name.hasPrefix("lib") ? name : "lib" + name)
    for line in SystemText.lines(maps) {
      guard let path = SystemText.words(line).last, path.hasPrefix("/") else { continue }
      let rest = FilePath.split(path).name.utf8.dropFirst(stem.utf8.count)
      // `libz.so.1`, `libopenblasp-r0.3.21.so`; not `libzstd.so`.
      guard path.hasSuffix("/" + stem + String(decoding: rest, as: UTF8.self)),
        rest.starts(with: ".so".utf8) || stem == "libopenblas"
      else { continue }
      return path
    }
    return nil
  }
}
