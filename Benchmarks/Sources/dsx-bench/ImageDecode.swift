import DSXCore
import Glibc
import Images

/// Decodes every image of the folder `--input` and resizes it to `--size` squared, on `--workers` threads.
enum ImageDecode {
  static func run(_ arguments: Arguments) throws {
    let folder = try arguments.text("input")
    let size = try arguments.number("size", 224)
    let workers = try arguments.number("workers", 1)
    let files = try FilePath.list(folder).sorted().map { FilePath.join(folder, $0) }
    // As the peers: all come from memory, and libraries are loaded before.
    for file in files { _ = try ImageInfo(path: file) }
    let sums = Lock([Int](repeating: 0, count: files.count))
    let failure = Lock<DSXError?>(nil)
    let (start, cpu) = (seconds(), processSeconds())
    FanOut.run(count: files.count, workers: workers) { source in
      let (decoder, resizer) = (ImageDecoder(), ImageResizer())
      while let number = source.take() {
        do throws(DSXError) {
          let image = try resizer.resize(
            try decoder.decode(path: files[number]), width: size, height: size)
          var sum = 0
          for row in stride(from: 0, to: size, by: 16) {
            for column in stride(from: 0, to: size, by: 16) {
              let pixel = (row * size + column) * 3
              sum += Int(image.pixels[pixel]) + Int(image.pixels[pixel + 1])
              sum += Int(image.pixels[pixel + 2])
            }
          }
          sums.withLock { $0[number] = sum }
        } catch {
          failure.withLock { $0 = error }
        }
      }
    }
    if let error = failure.withLock({ $0 }) { throw error }
    let (time, used) = (seconds() - start, processSeconds() - cpu)
    let side = (size + 15) / 16
    let total = sums.withLock { $0.reduce(0, +) }
    let mean = (Double(total) / Double(max(files.count, 1) * 3 * side * side) * 10).rounded() / 10
    print("{\"images\":\(files.count),\"seconds\":\(time),\"cpu\":\(used),\"mean\":\(mean)}")
  }
}

/// CPU seconds that this process has used.
func processSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}
