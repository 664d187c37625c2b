internal import DSXCore
internal import Glibc

/// Variables and other settings that do not do what somebody meant.
enum DoctorSettings {
  private static let topic = "settings"

  static func findings(_ homes: Homes) -> [DoctorFinding] {
    let found = folders() + threads() + clock() + slurm()
    return found.isEmpty ? [.ok(topic, "environment", "no problem found")] : found
  }

  private static func folders() -> [DoctorFinding] {
    var findings: [DoctorFinding] = []
    for name in ["DSX_HOME", "MS_DATASETS_CACHE"] {
      guard let path = SystemText.variable(name), !path.isEmpty, !FilePath.isFolder(path) else {
        continue
      }
      findings.append(
        .warn(topic, name, "there is no folder '\(path)'", "correct it, or unset it"))
    }
    if SystemText.variable("HOME")?.isEmpty ?? true {
      findings.append(
        .warn(
          topic, "HOME", "not set: the cache goes to the current folder",
          "set it, or XDG_CACHE_HOME"
        ))
    }
    for name in ["XDG_CACHE_HOME", "XDG_DATA_HOME"] {
      guard let path = SystemText.variable(name), !path.isEmpty, !path.hasPrefix("/") else {
        continue
      }
      findings.append(
        .warn(
          topic, name, "'\(path)' is relative: it means another folder in every folder",
          "give a path from the root"))
    }
    return findings
  }

  private static func threads() -> [DoctorFinding] {
    guard
      let text = SystemText.variable("OPENBLAS_NUM_THREADS")
        ?? SystemText.variable(
          "OMP_NUM_THREADS"), let number = Int(text), number > 1
    else { return [] }
    return [
      .ok(topic, "OPENBLAS_NUM_THREADS", "\(number); dsx computes with one BLAS thread a worker")
    ]
  }

  /// Runs are named and ordered by their times.
  private static func clock() -> [DoctorFinding] {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    // The first of January 2025.
    guard now.tv_sec < 1_735_689_600 else { return [] }
    return [
      .warn(
        topic, "clock", "the machine's time lies before this program's",
        "set the clock: nights "
          + "are ordered by it")
    ]
  }

  private static func slurm() -> [DoctorFinding] {
    guard let path = SystemText.variable("SLURM_CONF"), !path.isEmpty, !FilePath.exists(path) else {
      return []
    }
    return [.warn(topic, "SLURM_CONF", "there is no file '\(path)'", "correct it, or unset it")]
  }
}
