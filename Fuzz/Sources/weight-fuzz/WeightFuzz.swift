import DSXCore
import Glibc
@testable import Models

/// What libFuzzer calls with each input. The first byte chooses the name that the other bytes get as a
/// file, and with it the reader:
///
/// | byte mod 8 | the file |
/// |---|---|
/// | 0 | safetensors |
/// | 1 | MindSpore checkpoint |
/// | 2 | .npy |
/// | 3 | .npz |
/// | 4 | torch zip or legacy file, by its content |
/// | 5 | GGUF |
/// | 6 | the pickle of a torch file alone, in a sound place |
/// | 7 | a strategy file of MindSpore |
///
/// Any error is right; a crash, a hang or memory that no input justifies is a find.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard let start, count > 0 else { return 0 }
  let input = UnsafeRawBufferPointer(start: start, count: count)
  let rest = UnsafeRawBufferPointer(rebasing: input[1...])
  switch input[0] % 8 {
  case 0: fuzzFile(rest, "x.safetensors")
  case 1: fuzzFile(rest, "x.ckpt")
  case 2: fuzzFile(rest, "x.npy")
  case 3: fuzzFile(rest, "x.npz")
  case 4: fuzzFile(rest, "x.pt")
  case 5: fuzzFile(rest, "x.gguf")
  case 6: fuzzPickle(rest)
  default: fuzzStrategy(rest)
  }
  return 0
}

/// A folder in memory for this process.
private let folder: String = {
  let path = "/dev/shm/dsx-weight-fuzz-\(getpid())"
  try? FilePath.makeFolder(path)
  return path
}()

private func fuzzFile(_ bytes: UnsafeRawBufferPointer, _ name: String) {
  let path = FilePath.join(folder, name)
  let descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
  if let base = bytes.baseAddress { _ = write(descriptor, base, bytes.count) }
  close(descriptor)
  guard let store = try? TensorStore(files: [path]) else { return }
  for name in store.names {
    if store.entry(name)?.type.isFloat == true {
      _ = try? store.floats(name)
    } else {
      _ = try? store.bytes(name)
    }
  }
  guard let metadata = store.files.first?.gguf else { return }
  for key in metadata.keys {
    _ = try? metadata.string(key)
    _ = try? metadata.double(key)
    _ = try? metadata.strings(key)
    _ = try? metadata.doubles(key)
  }
  _ = try? metadata.tokenizer()
}

private func fuzzStrategy(_ bytes: UnsafeRawBufferPointer) {
  guard let file = try? StrategyFile(bytes) else { return }
  for entry in file.entries {
    for device in 0..<min(entry.layout.deviceCount, 64) { _ = entry.layout.place(of: device) }
  }
}

private func fuzzPickle(_ bytes: UnsafeRawBufferPointer) {
  var machine = PickleMachine(bytes, base: 0)
  guard let root = try? machine.run() else { return }
  let homes = machine.storages.map { storage in
    TorchState.Home.mapped(
      0..<((storage.type ?? .u8).byteCount(of: min(storage.count, 1 << 20)) ?? 0))
  }
  _ = try? TorchState.content(
    of: root, machine, homes: homes, isBigEndian: false, fileSize: 1 << 20)
}
