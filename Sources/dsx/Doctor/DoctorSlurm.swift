/// Whether jobs can be given to Slurm from here. Not there is fine: dsx works without it.
enum DoctorSlurm {
  private static let topic = "slurm"

  static func findings() -> [DoctorFinding] {
    guard let sbatch = SystemText.program("sbatch") else {
      return [
        .ok(
          topic, "sbatch",
          "not installed; dsx works without it (dsx submit --engine local or print)"
        )
      ]
    }
    var findings: [DoctorFinding] = []
    let version = ChildOutput.run([sbatch, "--version"])
    let words = version.text.utf8.split(separator: 0x0a).first
      .map { String(decoding: $0, as: UTF8.self) }
    if version.code == 0 {
      findings.append(.ok(topic, "sbatch", "\(words ?? "unknown version"), \(sbatch)"))
    } else {
      findings.append(
        .warn(
          topic, "sbatch", "\(sbatch) does not run: \(words ?? "it said nothing")",
          "look at SLURM_CONF, or use dsx submit --engine local"))
      return findings
    }
    guard let scontrol = SystemText.program("scontrol") else {
      findings.append(
        .warn(
          topic, "scontrol", "not installed beside sbatch",
          "install Slurm's client: dsx reads MaxArraySize and the jobs' states with it"))
      return findings
    }
    let ping = ChildOutput.run([scontrol, "ping"])
    let answer = SystemText.lines(ping.text).first ?? "no answer"
    guard ping.code == 0 else {
      findings.append(
        .warn(
          topic, "controller", answer,
          "is slurmctld running, and does SLURM_CONF name its cluster? dsx submit --engine local "
            + "works without"))
      return findings
    }
    findings.append(.ok(topic, "controller", answer))
    return findings + [arrays(scontrol)] + partitions()
  }

  private static func arrays(_ scontrol: String) -> DoctorFinding {
    let config = ChildOutput.run([scontrol, "show", "config"])
    for line in SystemText.lines(config.text) where line.hasPrefix("MaxArraySize") {
      guard let number = SystemText.words(line).last.flatMap({ Int($0) }) else { continue }
      guard number > 1 else {
        return .warn(
          topic, "arrays", "MaxArraySize \(number): job arrays are switched off",
          "ask for arrays, or use dsx submit --engine local")
      }
      return .ok(topic, "arrays", "MaxArraySize \(number): more shards become several arrays")
    }
    return .warn(
      topic, "arrays", "scontrol does not tell MaxArraySize",
      "dsx then takes Slurm's default, 1001")
  }

  private static func partitions() -> [DoctorFinding] {
    guard let sinfo = SystemText.program("sinfo") else { return [] }
    let told = ChildOutput.run([sinfo, "-h", "-o", "%P %a %D"])
    guard told.code == 0 else { return [] }
    var seen: [String] = []
    var nodes = 0
    var isUp = false
    for line in SystemText.lines(told.text) {
      let words = SystemText.words(line)
      guard words.count == 3 else { continue }
      if !seen.contains(words[0]) { seen.append(words[0]) }
      nodes += Int(words[2]) ?? 0
      isUp = isUp || words[1] == "up"
    }
    let text = "\(seen.joined(separator: ", ")); \(nodes) nodes"
    guard isUp else {
      return [
        .warn(
          topic, "partitions", seen.isEmpty ? "there are none" : text + ", none is up",
          "sinfo -R says why nodes are down")
      ]
    }
    return [.ok(topic, "partitions", text)]
  }
}
