import Reports
import Testing

@Suite struct NumberFormatTests {
  @Test func fixedRoundsAndGroups() {
    #expect(NumberFormat.fixed(0.125, 2) == "0.12")
    #expect(NumberFormat.fixed(1234567.891, 1) == "1,234,567.9")
    #expect(NumberFormat.fixed(-1234.5, 2) == "-1,234.50")
    #expect(NumberFormat.fixed(-0.00001, 2) == "0.00")
    #expect(NumberFormat.fixed(999.9996, 3) == "1,000.000")
    #expect(NumberFormat.fixed(.nan, 2) == "NaN")
    #expect(NumberFormat.fixed(-.infinity, 2) == "-∞")
    #expect(NumberFormat.fixed(1e300, 2).hasSuffix(".00"))
    #expect(NumberFormat.grouped(Int.min) == "-9,223,372,036,854,775,808")
    #expect(NumberFormat.grouped(100) == "100")
  }

  @Test(arguments: [
    (0.64624, 0.004771, "0.6462", "0.0048"), (18.4213, 0.0801, "18.421", "0.080"),
    (45612, 1234, "45,600", "1,200"), (0.5, 0.00996, "0.500", "0.010"),
    (0.5, 0.0996, "0.50", "0.10"), (12.34, 9.96, "12", "10"), (312.4, 99.7, "310", "100"),
    (3.0, 1.0, "3.0", "1.0"), (0.021, 0.1, "0.02", "0.10"),
  ])
  func errorHasTwoSignificantDigits(
    _ value: Double, _ error: Double, _ valueText: String, _ errorText: String
  ) {
    let text = NumberFormat.measured(value, standardError: error)
    #expect(text.value == valueText)
    #expect(text.error == errorText)
  }

  @Test func measuredWithoutError() {
    #expect(NumberFormat.measuredText(0.5, standardError: nil) == "0.5000")
    #expect(NumberFormat.measuredText(1, standardError: 0) == "1.0000 ± 0")
    #expect(NumberFormat.measuredText(nil, standardError: 0.1) == "—")
    #expect(NumberFormat.measuredText(.infinity, standardError: .nan) == "∞")
  }

  @Test func smallForms() {
    #expect(NumberFormat.pValue(0.0001) == "<0.001")
    #expect(NumberFormat.pValue(0.0754) == "0.075")
    #expect(NumberFormat.signed(0.0073, 4) == "+0.0073")
    #expect(NumberFormat.signed(0.000001, 4) == "0.0000")
    #expect(NumberFormat.signed(-0.0279, 4) == "-0.0279")
    #expect(NumberFormat.percent(0.647) == "64.7 %")
    #expect(NumberFormat.duration(seconds: 1122) == "18 min 42 s")
    #expect(NumberFormat.duration(seconds: 7500) == "2 h 05 min")
    #expect(NumberFormat.duration(seconds: 8.4) == "8.40 s")
    #expect(NumberFormat.duration(seconds: 0.012) == "12 ms")
    #expect(NumberFormat.duration(seconds: 59.97) == "1 min 00 s")
    #expect(NumberFormat.bytes(512) == "512 B")
    #expect(NumberFormat.bytes(1_900_000_000) == "1.90 GB")
    #expect(NumberFormat.bytes(999_600) == "1.00 MB")
    #expect(NumberFormat.significant(27.83) == "27.8")
    #expect(NumberFormat.scientific(2.03e44) == "2.03e44")
    #expect(NumberFormat.scientific(-9.999e9) == "-1.00e10")
    #expect(NumberFormat.scientific(0) == "0")
    #expect(NumberFormat.significant(31204) == "31,204")
    #expect(NumberFormat.significant(99.96) == "100")
    #expect(NumberFormat.significant(0.04123) == "0.0412")
  }
}
