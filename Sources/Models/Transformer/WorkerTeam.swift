internal import Glibc

/// Threads that share the pieces of many short rounds of work: the steps of generation are too short to
/// start threads for each.
///
/// A piece is taken by whoever is free, the caller among them, and the caller waits only for pieces that
/// somebody has taken: where the machine is busy elsewhere and the helpers do not get to run, it does all
/// of them itself. Nobody waits at a barrier; waiting is a short spin, then sleep.
///
/// Single-owner: one round at a time.
final class WorkerTeam {
  /// Threads, the caller included.
  let size: Int
  private let rounds: TeamRounds
  private var threads: [pthread_t] = []

  /// A team of `size` threads; where the system refuses a thread the others do its share.
  init(size: Int) {
    self.size = max(1, size)
    rounds = TeamRounds()
    for worker in 1..<max(1, size) {
      var thread = pthread_t()
      let body = Unmanaged.passRetained(Helper(rounds: rounds, worker: worker))
      let status = pthread_create(
        &thread, nil,
        { pointer in
          guard let pointer else { return nil }
          let helper = Unmanaged<Helper>.fromOpaque(pointer).takeRetainedValue()
          helper.rounds.help(helper.worker)
          return nil
        }, body.toOpaque())
      if status == 0 { threads.append(thread) } else { body.release() }
    }
  }

  deinit {
    rounds.end()
    for thread in threads { pthread_join(thread, nil) }
  }

  /// Does pieces `0..<count`, each once, in any order; `worker` is below `size`, and two pieces that run
  /// at once have different ones.
  func run(_ count: Int, _ body: (_ piece: Int, _ worker: Int) -> Void) {
    guard count > 1, !threads.isEmpty, count <= TeamRounds.maximumPieces else {
      for piece in 0..<max(0, count) { body(piece, 0) }
      return
    }
    withoutActuallyEscaping(body) { rounds.run(count, $0) }
  }

  private final class Helper {
    let rounds: TeamRounds
    let worker: Int

    init(rounds: TeamRounds, worker: Int) {
      self.rounds = rounds
      self.worker = worker
    }
  }
}
