public import DSXCore

/// The only part of a report that depends on machine and moment; always last.
public struct ReportRuntime: ReportPart {
  /// One shard's work on one worker.
  public struct Shard: ReportPart {
    /// Its name, e.g. `tnews 3`.
    public var name: String
    /// The worker, from 0.
    public var worker: Int
    /// The start, in seconds from the start of the run.
    public var start: Double
    /// The end, in seconds from the start of the run.
    public var end: Double
    /// Whether it had to be done again after a failure, or failed for good.
    public var status: Status
    /// What became of it.
    public enum Status: String, Sendable, CaseIterable { case done, retried, failed }

    /// A shard.
    public init(
      name: String, worker: Int, start: Double, end: Double, status: Status = .done
    ) {
      self.name = name
      self.worker = worker
      self.start = start
      self.end = end
      self.status = status
    }

    /// Reads the part; as `ReportPart` says.
    public init(_ reader: ReportReader) throws(DSXError) {
      name = try reader.identifier("name")
      worker = try reader.count("worker") ?? 0
      start = try reader.needed("start")
      end = try reader.needed("end")
      status = try reader.word("status") ?? .done
    }

    /// The part as it stands in the file.
    public var json: JSONValue {
      var members = ReportMembers()
      members.add("name", name)
      members.add("worker", worker)
      members.add("start", start)
      members.add("end", end)
      members.add("status", status.rawValue)
      return members.json
    }
  }

  /// The run's id.
  public var run: String?
  /// When it began, UTC, `2026-11-21T02:00:00Z`.
  public var started: String?
  /// The command line that gives the same numbers again.
  public var command: String?
  /// Wall clock, loading included.
  public var seconds: Double?
  /// Examples a second.
  public var examplesPerSecond: Double?
  /// Tokens a second.
  public var tokensPerSecond: Double?
  /// The most memory that the process held, bytes.
  public var peakMemory: Int?
  /// Threads.
  public var workers: Int?
  /// The machine's name.
  public var host: String?
  /// What was done when.
  public var shards: [Shard]
  /// Examples a second in slices of equal length from the start.
  public var throughput: [Double]
  /// Other facts, in order: name and value (`cpu`, `blas`, `blas core`).
  public var facts: JSONValue?

  /// A runtime object.
  public init(
    run: String? = nil, started: String? = nil, command: String? = nil, seconds: Double? = nil,
    examplesPerSecond: Double? = nil, tokensPerSecond: Double? = nil, peakMemory: Int? = nil,
    workers: Int? = nil, host: String? = nil, shards: [Shard] = [], throughput: [Double] = [],
    facts: JSONValue? = nil
  ) {
    self.run = run
    self.started = started
    self.command = command
    self.seconds = seconds
    self.examplesPerSecond = examplesPerSecond
    self.tokensPerSecond = tokensPerSecond
    self.peakMemory = peakMemory
    self.workers = workers
    self.host = host
    self.shards = shards
    self.throughput = throughput
    self.facts = facts
  }

  /// Reads the part; as `ReportPart` says.
  public init(_ reader: ReportReader) throws(DSXError) {
    run = try reader.string("run")
    started = try reader.string("started")
    command = try reader.string("command")
    seconds = try reader.number("seconds")
    examplesPerSecond = try reader.number("examples_per_second")
    tokensPerSecond = try reader.number("tokens_per_second")
    peakMemory = try reader.count("peak_memory")
    workers = try reader.count("workers")
    host = try reader.string("host")
    shards = try reader.parts("shards")
    throughput = try reader.numbers("throughput")
    facts = try reader.object("facts")
  }

  /// The part as it stands in the file.
  public var json: JSONValue {
    var members = ReportMembers()
    members.add("run", run)
    members.add("started", started)
    members.add("command", command)
    members.add("seconds", seconds)
    members.add("examples_per_second", examplesPerSecond)
    members.add("tokens_per_second", tokensPerSecond)
    members.add("peak_memory", peakMemory)
    members.add("workers", workers)
    members.add("host", host)
    members.add("shards", shards)
    members.add("throughput", throughput)
    members.add("facts", value: facts)
    return members.json
  }
}
