internal import Glibc
internal import Kernels
internal import Synchronization

/// What the threads of a team share.
///
/// | bits of the ticket | content |
/// | --- | --- |
/// | 40 to 63 | number of the round |
/// | 20 to 39 | pieces of the round |
/// | 0 to 19 | the next piece |
///
/// Whoever raises the lowest part by one has taken that piece. A round's body is written before its
/// ticket and read after a piece of it was taken; the next round begins when all pieces are done.
final class TeamRounds: @unchecked Sendable {
  typealias Body = (_ piece: Int, _ worker: Int) -> Void

  static let maximumPieces = 1 << 20 - 1

  /// Looks before a thread sleeps: some tens of microseconds.
  private static let looks = 1_000

  private let ticket = Atomic<UInt64>(0)
  private let done = Atomic<Int>(0)
  /// Threads that sleep, the caller included.
  private let sleepers = Atomic<Int>(0)
  private let isEnding = Atomic<Bool>(false)
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let condition: UnsafeMutablePointer<pthread_cond_t>
  private var body: Body = { _, _ in }

  init() {
    mutex = .allocate(capacity: 1)
    condition = .allocate(capacity: 1)
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  /// The caller's side of a round.
  func run(_ count: Int, _ body: @escaping Body) {
    self.body = body
    done.store(0, ordering: .relaxed)
    let round = (ticket.load(ordering: .relaxed) >> 40) &+ 1
    ticket.store(round << 40 | UInt64(count) << 20, ordering: .sequentiallyConsistent)
    wake()
    while takeOne(0) {}
    wait { self.done.load(ordering: .sequentiallyConsistent) == count }
    self.body = { _, _ in }
  }

  /// A helper's life.
  func help(_ worker: Int) {
    while true {
      wait {
        self.isEnding.load(ordering: .sequentiallyConsistent)
          || Self.hasPiece(self.ticket.load(ordering: .sequentiallyConsistent))
      }
      if isEnding.load(ordering: .acquiring) { return }
      while takeOne(worker) {}
    }
  }

  /// Lets the helpers go.
  func end() {
    isEnding.store(true, ordering: .sequentiallyConsistent)
    wake()
  }

  private static func hasPiece(_ ticket: UInt64) -> Bool {
    ticket & 0xf_ffff < ticket >> 20 & 0xf_ffff
  }

  /// Takes and does one piece; false when none is left.
  private func takeOne(_ worker: Int) -> Bool {
    var current = ticket.load(ordering: .acquiring)
    while Self.hasPiece(current) {
      let (taken, original) = ticket.compareExchange(
        expected: current, desired: current + 1, ordering: .acquiringAndReleasing)
      if taken {
        let count = Int(current >> 20 & 0xf_ffff)
        perform(Int(current & 0xf_ffff), worker)
        let finished = done.add(1, ordering: .sequentiallyConsistent).newValue
        if finished == count, worker != 0 { wake() }
        return true
      }
      current = original
    }
    return false
  }

  /// A function of its own, so that nothing of the body is held any more when it returns: the caller's
  /// closure ends with the round.
  @inline(never)
  private func perform(_ piece: Int, _ worker: Int) { body(piece, worker) }

  /// Looks for a while, then sleeps until someone wakes the sleepers.
  private func wait(_ isOver: () -> Bool) {
    for _ in 0..<Self.looks {
      if isOver() { return }
      dsx_pause()
    }
    pthread_mutex_lock(mutex)
    sleepers.add(1, ordering: .sequentiallyConsistent)
    while !isOver() { pthread_cond_wait(condition, mutex) }
    sleepers.subtract(1, ordering: .sequentiallyConsistent)
    pthread_mutex_unlock(mutex)
  }

  private func wake() {
    guard sleepers.load(ordering: .sequentiallyConsistent) > 0 else { return }
    pthread_mutex_lock(mutex)
    pthread_cond_broadcast(condition)
    pthread_mutex_unlock(mutex)
  }
}
