internal import DSXCore
internal import Glibc

/// A thread that runs jobs one after the other, in the order in which they were handed over.
///
/// The first job that fails ends the work: jobs behind it are dropped, and its error comes out of every
/// later `submit` and `wait`. At most `depth` jobs wait, so memory stays bounded; `submit` waits for room.
/// The thread starts with the first job, and ends with `stop` or with its owner.
final class WorkThread: Sendable {
  /// Does a piece of work; the error when it failed.
  typealias Job = @Sendable () -> DSXError?

  private let queue: Queue

  init(depth: Int) { queue = Queue(depth: depth) }

  deinit { queue.stop() }

  /// Hands a job over. Throws what an earlier job failed with.
  func submit(_ job: @escaping Job) throws(DSXError) { try queue.submit(job) }

  /// Waits until every job is done. Throws what one of them failed with.
  func wait() throws(DSXError) { try queue.wait() }

  /// Drops the jobs that wait, and returns when the one that runs is done.
  func stop() { queue.stop() }
}

/// What the thread and its owner share.
private final class Queue: @unchecked Sendable {
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let changed: UnsafeMutablePointer<pthread_cond_t>
  private let depth: Int
  private var jobs: [WorkThread.Job] = []
  private var isRunning = false
  private var isStopped = false
  private var failure: DSXError?
  private var thread: pthread_t?

  init(depth: Int) {
    self.depth = max(1, depth)
    mutex = .allocate(capacity: 1)
    changed = .allocate(capacity: 1)
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(changed, nil)
  }

  deinit {
    pthread_cond_destroy(changed)
    pthread_mutex_destroy(mutex)
    changed.deallocate()
    mutex.deallocate()
  }

  func submit(_ job: @escaping WorkThread.Job) throws(DSXError) {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while jobs.count >= depth, failure == nil, !isStopped { pthread_cond_wait(changed, mutex) }
    if let failure { throw failure }
    guard !isStopped else { throw DSXError(.internal, "a job came after its thread was stopped") }
    guard thread != nil || start() else {
      // No thread to be had: the caller does the work.
      failure = job()
      if let failure { throw failure }
      return
    }
    jobs.append(job)
    pthread_cond_broadcast(changed)
  }

  private func start() -> Bool {
    var made = pthread_t()
    let context = Unmanaged.passRetained(self)
    let status = pthread_create(
      &made, nil,
      { context in
        if let context { Unmanaged<Queue>.fromOpaque(context).takeRetainedValue().run() }
        return nil
      }, context.toOpaque())
    guard status == 0 else {
      context.release()
      return false
    }
    thread = made
    return true
  }

  private func run() {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while true {
      while jobs.isEmpty, !isStopped { pthread_cond_wait(changed, mutex) }
      guard !isStopped else { return }
      let job = jobs.removeFirst()
      isRunning = true
      pthread_cond_broadcast(changed)
      pthread_mutex_unlock(mutex)
      let error = job()
      pthread_mutex_lock(mutex)
      isRunning = false
      if let error, failure == nil {
        failure = error
        jobs.removeAll()
      }
      pthread_cond_broadcast(changed)
    }
  }

  func wait() throws(DSXError) {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while isRunning || !jobs.isEmpty { pthread_cond_wait(changed, mutex) }
    if let failure { throw failure }
  }

  func stop() {
    pthread_mutex_lock(mutex)
    isStopped = true
    jobs.removeAll()
    let running = thread
    thread = nil
    pthread_cond_broadcast(changed)
    pthread_mutex_unlock(mutex)
    if let running { pthread_join(running, nil) }
  }
}
