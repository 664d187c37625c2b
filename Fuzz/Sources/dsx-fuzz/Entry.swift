import Glibc

/// The target that DSX_FUZZ_TARGET names. Written once, before libFuzzer begins.
private nonisolated(unsafe) var chosen: FuzzTarget?

/// What libFuzzer calls first. `DSX_FUZZ_TARGET=list` prints the targets instead: name, longest input,
/// dictionary or `-`.
@_cdecl("LLVMFuzzerInitialize")
public func initializeFuzzer(
  _ count: UnsafeMutablePointer<CInt>?, _ arguments: UnsafeMutableRawPointer?
) -> CInt {
  let name = getenv("DSX_FUZZ_TARGET").map { String(cString: $0) } ?? ""
  chosen = FuzzTarget.all.first { $0.name == name }
  guard chosen == nil else { return 0 }
  for target in FuzzTarget.all {
    print(target.name, target.maximumLength, target.dictionary ?? "-")
  }
  guard name != "list" else { exit(0) }
  print("DSX_FUZZ_TARGET must be one of these names, or 'list'")
  exit(2)
}

/// What libFuzzer calls with each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard let chosen, let start, count > 0 else { return 0 }
  chosen.read(UnsafeRawBufferPointer(start: start, count: count))
  return 0
}
