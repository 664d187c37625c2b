internal import DSXCore
internal import Datasets
internal import Evaluation

/// What dsx finds: its homes, data sets, models, vocabularies, dictionaries, recipes, the history.
struct DoctorResources {
  private static let topic = "resources"
  private let homes: Homes
  private let folder: String

  init(_ homes: Homes, _ folder: String) {
    self.homes = homes
    self.folder = folder
  }

  func findings() -> [DoctorFinding] {
    [places()] + shipped() + [datasets(), named("models"), recipes(), cache()] + history()
  }

  private func places() -> DoctorFinding {
    let found = homes.folders.filter { home in
      ["datasets", "models", "recipes"].contains { FilePath.isFolder(FilePath.join(home, $0)) }
    }
    guard !found.isEmpty else {
      return .warn(
        Self.topic, "homes", "none holds data sets, models or recipes",
        "set DSX_HOME to the folder that make install wrote (PREFIX/share/dsx)")
    }
    return .ok(Self.topic, "homes", found.joined(separator: ", "))
  }

  /// The files without which commands do not work.
  private func shipped() -> [DoctorFinding] {
    [
      ("vocabulary", "Text", ["dsx_zh_en_16k.model"]),
      (
        "jieba dictionary", "Jieba",
        ["dict.txt", "prob_start.json", "prob_trans.json", "prob_emit.json"]
      ),
    ].map { name, room, files in
      do throws(DSXError) {
        var path = ""
        for file in files {
          path = try homes.resource(room, file)
          guard FilePath.size(path) ?? 0 > 0 else {
            throw DSXError(.corrupt, "the file is empty", file: path)
          }
        }
        return .ok(Self.topic, name, FilePath.split(path).folder)
      } catch {
        return .error(
          Self.topic, name, error, "install dsx again, or set DSX_HOME to its share folder")
      }
    }
  }

  private func datasets() -> DoctorFinding {
    let catalog = DatasetCatalog(homes: homes)
    let names = catalog.names()
    var broken: [String] = []
    for name in names {
      do throws(DSXError) { _ = try catalog.entry(DatasetReference(name)) } catch {
        broken.append("\(name) (\(error.message))")
      }
    }
    var wrong: [String] = []
    for task in EvaluationTarget.tasks(homes) {
      do throws(DSXError) { try EvaluationTarget.checkTask(task, homes) } catch {
        wrong.append("\(task) (\(error.message))")
      }
    }
    let cached = catalog.cachedNames().count
    let text =
      "\(names.count) in the catalog" + (cached > 0 ? ", \(cached) in ModelScope's cache" : "")
    guard let first = (broken + wrong).first else {
      return names.isEmpty
        ? .warn(
          Self.topic, "data sets", "none found",
          "name files and folders by their paths, or set DSX_HOME")
        : .ok(Self.topic, "data sets", text)
    }
    return .warn(
      Self.topic, "data sets", "\(text); \(broken.count + wrong.count) cannot be read: \(first)",
      "dsx datasets validate NAME says where")
  }

  private func named(_ kind: String) -> DoctorFinding {
    let names = homes.names(kind)
    return names.isEmpty
      ? .warn(Self.topic, kind, "none found", "name model folders by their paths, or set DSX_HOME")
      : .ok(Self.topic, kind, names.joined(separator: ", "))
  }

  private func recipes() -> DoctorFinding {
    var names: [String] = []
    var broken: [String] = []
    for home in homes.folders {
      let folder = FilePath.join(home, "recipes")
      for name in (try? FilePath.list(folder)) ?? [] where name.hasSuffix(".yaml") {
        let word = String(decoding: name.utf8.dropLast(5), as: UTF8.self)
        guard !names.contains(word) else { continue }
        names.append(word)
        do throws(DSXError) { _ = try Recipe(path: FilePath.join(folder, name)) } catch {
          broken.append("\(word): \(error.message)\(error.placeSuffix)")
        }
      }
    }
    guard let first = broken.first else {
      return .ok(
        Self.topic, "recipes", names.isEmpty ? "none" : names.sorted().joined(separator: ", "))
    }
    return .warn(
      Self.topic, "recipes", "\(broken.count) of \(names.count) cannot be read: \(first)",
      "dsx recipe validate NAME says where")
  }

  private func cache() -> DoctorFinding {
    let path = homes.cache
    do throws(DSXError) {
      try FilePath.makeFolder(path)
      let file = FilePath.join(path, ".dsx-doctor")
      try FilePath.write([], to: file)
      try FilePath.removeTree(file)
      return .ok(Self.topic, "cache", path)
    } catch {
      return .error(
        Self.topic, "cache", error,
        "set XDG_CACHE_HOME to a folder that you may write to; without it nothing is kept",
        isFatal: false)
    }
  }

  /// The history in the folder, or in its `reports`.
  private func history() -> [DoctorFinding] {
    let places = [folder, FilePath.join(folder, "reports")].map { RunHistory.path(in: $0) }
    guard let path = places.first(where: { FilePath.exists($0) }) else {
      return [.ok(Self.topic, "history", "none yet; dsx recipe run makes one")]
    }
    do throws(DSXError) {
      guard let history = try RunHistory.reading(path) else {
        return [.ok(Self.topic, "history", "\(path): empty")]
      }
      try history.check()
      let runs = try history.runs()
      let last = runs.first.map { ", the last one \($0.id)" } ?? ""
      return [.ok(Self.topic, "history", "\(path): \(runs.count) runs\(last), no fault found")]
    } catch {
      return [
        .error(
          Self.topic, "history", error,
          "move it away; dsx runs add makes a new one from the run folders")
      ]
    }
  }
}
