import Reports
import Testing

@Suite struct TableFormatTests {
  let table = Table(
    columns: [.words("标签"), .numbers("F1"), .words("gate")],
    rows: [
      ["体育", .measured(0.8231, standardError: 0.012), .pill(.good, "better")],
      ["news, \"x\"|y", "1,204"], ["😀e\u{301}", "7", "", "cut"],
    ])

  @Test func textAlignsWideCharacters() {
    let blanks = { (count: Int) in String(repeating: " ", count: count) }
    let lines = [
      "标签" + blanks(20) + "F1  gate", "-----------  -------------  --------",
      "体育" + blanks(9) + "0.823 ± 0.012  ✓ better", "news, \"x\"|y" + blanks(10) + "1,204",
      "😀e\u{301}" + blanks(22) + "7",
    ]
    #expect(TableFormat.text.render(table) == lines.joined(separator: "\n") + "\n")
  }

  @Test func markdownEscapesItsOwnSigns() {
    #expect(
      TableFormat.markdown.render(table) == """
        | 标签 | F1 | gate |
        | --- | ---: | --- |
        | 体育 | **0.823** ± 0.012 | ✓ better |
        | news, "x"\\|y | 1,204 |  |
        | 😀e\u{301} | 7 |  |

        """)
  }

  @Test func csvQuotesByRFC4180() {
    #expect(
      TableFormat.csv.render(table)
        == "标签,F1,gate\r\n体育,0.823 ± 0.012,better\r\n\"news, \"\"x\"\"|y\",\"1,204\",\r\n"
        + "😀e\u{301},7,\r\n")
    let lines = Table(columns: [.words("a")], rows: [["x\ny"], ["x\r\ny"], [" z"], [""]])
    #expect(TableFormat.csv.render(lines) == "a\r\n\"x\ny\"\r\n\"x\r\ny\"\r\n\" z\"\r\n\r\n")
  }

  @Test func hostileCellsStayInTheirRow() {
    let hostile = Table(columns: [.words("a")], rows: [["x\ny\u{1b}[31m\u{202e}z"]])
    #expect(TableFormat.text.render(hostile).split(separator: "\n").count == 3)
    #expect(TableFormat.text.render(hostile).contains("x↵y␛[31m⟦U+202E⟧z"))
    let code = Table(columns: [.words("a")], rows: [[.init("`a|b``", style: .code)]])
    #expect(TableFormat.markdown.render(code).contains("| ``` `a\\|b`` ``` |"))
  }
}
