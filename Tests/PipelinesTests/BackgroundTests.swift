import DSXCore
import Pipelines
import Testing

@Suite struct BackgroundTests {
  @Test func anErrorComesOutAndASecondWaitDoesNotHang() {
    let work = Background<Int> { () throws(DSXError) in throw DSXError(.io, "no space") }
    #expect(throws: DSXError.self) { _ = try work.wait() }
    let again = #expect(throws: DSXError.self) { _ = try work.wait() }
    #expect(again?.code == .internal)
  }
}
