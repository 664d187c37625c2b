import DSXCore
import Foundation
import Testing

@Suite struct SystemErrorTests {
  @Test func aFullDiskSaysWhatIsNeededAndFree() {
    errno = ENOSPC
    let error = DSXError.system("cannot write", file: "/tmp/none/of/these/x", needs: 65536)
    #expect(error.code == .io)
    let words = error.underlying ?? ""
    #expect(words.contains("this needs 65536 bytes, ") && words.contains(" are free"), "\(words)")
    #expect(error.hint?.contains("free some space") == true)
  }

  @Test func withoutANumberABlockIsNeeded() {
    let words = DSXError.space(at: ".", needs: nil)
    #expect(!words.contains("needs 0 bytes") && words.contains("bytes, "), "\(words)")
  }

  @Test func otherErrorsKeepTheirWords() {
    errno = EIO
    let error = DSXError.system("cannot write", file: "x", needs: 3)
    #expect(error.underlying == String(cString: strerror(EIO)))
    #expect(error.hint == nil)
  }
}
