internal import Glibc

/// A joinable thread with a 16 MiB stack. Pipelines' stages hold these; no other room starts threads.
final class WorkerThread: @unchecked Sendable {
  private var handle = pthread_t()
  private var started = false

  /// Starts `body` on a thread of its own; nil when the system gives none.
  init?(starting body: @escaping @Sendable () -> Void) {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setstacksize(&attributes, 16 << 20)
    defer { pthread_attr_destroy(&attributes) }
    let box = Unmanaged.passRetained(Body(body))
    let status = pthread_create(
      &handle, &attributes,
      { pointer in
        guard let pointer else { return nil }
        Unmanaged<Body>.fromOpaque(pointer).takeRetainedValue().run()
        return nil
      }, box.toOpaque())
    guard status == 0 else {
      box.release()
      return nil
    }
    started = true
  }

  /// Waits until the body has returned.
  func join() {
    if started { pthread_join(handle, nil) }
    started = false
  }

  private final class Body {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }
}
