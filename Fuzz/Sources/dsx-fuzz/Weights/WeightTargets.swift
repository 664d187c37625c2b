import DSXCore
import Glibc
@testable import Models

/// A file of each format; the content decides as soon as it can, then the name.
private let safetensors = ScratchFile("weights/x.safetensors")
private let checkpoint = ScratchFile("weights/x.ckpt")
private let npy = ScratchFile("weights/x.npy")
private let npz = ScratchFile("weights/x.npz")
private let torch = ScratchFile("weights/x.pt")
private let gguf = ScratchFile("weights/x.gguf")

/// A safetensors file.
func fuzzSafetensors(_ input: UnsafeRawBufferPointer) { readAll(safetensors, input) }

/// A MindSpore checkpoint.
func fuzzCheckpoint(_ input: UnsafeRawBufferPointer) { readAll(checkpoint, input) }

/// An array of NumPy.
func fuzzNpy(_ input: UnsafeRawBufferPointer) { readAll(npy, input) }

/// An archive of arrays of NumPy.
func fuzzNpz(_ input: UnsafeRawBufferPointer) { readAll(npz, input) }

/// A file of torch: a zip archive, or the older form.
func fuzzTorch(_ input: UnsafeRawBufferPointer) { readAll(torch, input) }

/// A GGUF file: tensors, metadata, and the vocabulary in it.
func fuzzGGUF(_ input: UnsafeRawBufferPointer) {
  guard let metadata = readAll(gguf, input)?.files.first?.gguf else { return }
  for key in metadata.keys {
    _ = try? metadata.string(key)
    _ = try? metadata.double(key)
    _ = try? metadata.strings(key)
    _ = try? metadata.doubles(key)
  }
  _ = try? metadata.tokenizer()
}

/// Every tensor has as many elements as its shape says, or is refused.
@discardableResult
private func readAll(_ file: ScratchFile, _ input: UnsafeRawBufferPointer) -> TensorStore? {
  file.fill(input)
  guard let store = try? TensorStore(files: [file.path]) else { return nil }
  for name in store.names {
    guard let entry = store.entry(name) else { continue }
    // A tensor that repeats one element may be as large as it likes; nobody loads that here.
    guard entry.byteCount <= 1 << 24 else { continue }
    if entry.type.isFloat {
      guard let tensor = try? store.floats(name) else { continue }
      require(tensor.shape == entry.shape, "a tensor of another shape")
    } else if let bytes = try? store.bytes(name) {
      bytes.withBytes { require($0.count == entry.byteCount, "a tensor of another size") }
    }
  }
  return store
}

/// A strategy file of MindSpore: every device has a place.
func fuzzStrategy(_ input: UnsafeRawBufferPointer) {
  guard let file = try? StrategyFile(input) else { return }
  for entry in file.entries {
    for device in 0..<min(entry.layout.deviceCount, 64) { _ = entry.layout.place(of: device) }
  }
}

/// The pickle of a torch file alone, as if every storage that it names were there.
func fuzzPickle(_ input: UnsafeRawBufferPointer) {
  var machine = PickleMachine(input, base: 0)
  guard let root = try? machine.run() else { return }
  let homes = machine.storages.map { storage in
    TorchState.Home.mapped(
      0..<((storage.type ?? .u8).byteCount(of: min(storage.count, 1 << 20)) ?? 0))
  }
  _ = try? TorchState.content(
    of: root, machine, homes: homes, isBigEndian: false, fileSize: 1 << 20)
}
