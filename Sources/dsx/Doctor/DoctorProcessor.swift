internal import DSXCore
internal import Glibc
internal import Models

/// The processor, the kernels that are chosen for it, and how many cores dsx may use.
enum DoctorProcessor {
  private static let topic = "processor"

  static func findings() -> [DoctorFinding] {
    let cpu = SystemText.read("/proc/cpuinfo") ?? ""
    let model = SystemText.value("model name", in: cpu) ?? "unknown"
    let flags = Set(SystemText.words(SystemText.value("flags", in: cpu) ?? ""))
    let shown = ["avx2", "fma", "avx512f", "avx512_bf16"].filter(flags.contains)
    var findings: [DoctorFinding] = []
    if flags.contains("avx2") || flags.isEmpty {
      findings.append(
        .ok(topic, "cpu", model + (shown.isEmpty ? "" : "; " + shown.joined(separator: " "))))
    } else {
      findings.append(
        .warn(
          topic, "cpu", model + "; no AVX2", "models are slow here: the scalar kernels are used"))
    }
    return findings + kernels() + [cores()]
  }

  private static func kernels() -> [DoctorFinding] {
    var facts: [String: String] = [:]
    for fact in ModelFolder.runtime { facts[fact.name] = fact.value }
    let core = facts["blas core"] ?? "unknown"
    let text = "OpenBLAS \(core), dsx \(facts["kernels"] ?? "unknown")"
    let preset = SystemText.variable("OPENBLAS_CORETYPE")
    var findings: [DoctorFinding] = []
    if let warning = facts["blas warning"] {
      findings.append(
        .warn(
          topic, "kernels", text + ": " + warning,
          preset == nil
            ? "export OPENBLAS_CORETYPE=SkylakeX" : "unset OPENBLAS_CORETYPE, and OPENBLAS_L2_SIZE"
        ))
    } else {
      findings.append(.ok(topic, "kernels", text))
    }
    if let preset {
      findings.append(
        .warn(
          topic, "OPENBLAS_CORETYPE",
          preset.isEmpty
            ? "set, but empty: OpenBLAS chooses other kernels than without it"
            : "set to '\(preset)': OpenBLAS does not look at the processor",
          "unset it unless runs of other processors are to be repeated to the last digit"))
    }
    return findings
  }

  private static func cores() -> DoctorFinding {
    let online = Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    let status = SystemText.read("/proc/self/status") ?? ""
    let allowed =
      SystemText.value("Cpus_allowed_list", in: status).map(count) ?? online
    let share = ControlGroup.cores
    var text = "\(online) online, \(allowed) allowed to this process"
    if let share { text += ", the control group gives \(ProgressLine.decimal(share, 1))" }
    let usable = min(Double(allowed), share ?? .infinity)
    guard usable + 0.01 < Double(online) else { return .ok(topic, "cores", text) }
    return .warn(
      topic, "cores", text,
      "give --threads \(max(1, Int(usable))) and --workers \(max(1, Int(usable))): the defaults "
        + "are the cores online")
  }

  /// How many numbers a list like `0-3,8` names.
  static func count(_ list: String) -> Int {
    list.utf8.split(separator: UInt8(ascii: ",")).reduce(0) { sum, part in
      let ends = part.split(separator: UInt8(ascii: "-")).compactMap {
        Int(String(decoding: $0, as: UTF8.self))
      }
      guard let first = ends.first, let last = ends.last, last >= first else { return sum }
      return sum + last - first + 1
    }
  }
}
