/// A table as a LaTeX `tabular`, every special character escaped.
public enum LaTeXTable {
  /// The rules between the lines.
  public enum Rules: Sendable {
    /// `\hline`: needs no package.
    case plain
    /// `\toprule` and the like of the package booktabs.
    case booktabs
  }

  /// The `tabular`, ending in a line feed. Cells' notes are added when `withNotes`.
  public static func render(_ table: Table, rules: Rules = .plain, withNotes: Bool = false)
    -> String
  {
    let form = table.columns.map { $0.alignment == .trailing ? "r" : "l" }.joined()
    let (top, middle, bottom) =
      rules == .plain
      ? ("\\hline", "\\hline", "\\hline") : ("\\toprule", "\\midrule", "\\bottomrule")
    var text = "\\begin{tabular}{\(form)}\n\(top)\n"
    text +=
      table.columns.map { escaped($0.title) }.joined(separator: " & ") + " \\\\\n\(middle)\n"
    for row in table.rows {
      var cells = row.map { cell in
        escaped(cell.text) + (withNotes ? cell.note.map { " " + escaped($0) } ?? "" : "")
      }
      cells += Array(repeating: "", count: max(0, table.columns.count - cells.count))
      text += cells.joined(separator: " & ") + " \\\\\n"
    }
    return text + "\(bottom)\n\\end{tabular}\n"
  }

  /// The text, literally: hidden characters visible, special ones escaped.
  public static func escaped(_ text: String) -> String {
    var out = ""
    for scalar in VisibleText.make(text).unicodeScalars {
      switch scalar {
      case "&", "%", "$", "#", "_", "{", "}":
        out += "\\"
        out.unicodeScalars.append(scalar)
      case "~": out += "\\textasciitilde{}"
      case "^": out += "\\textasciicircum{}"
      case "\\": out += "\\textbackslash{}"
      case "|": out += "\\textbar{}"
      case "<": out += "\\textless{}"
      case ">": out += "\\textgreater{}"
      case "↑": out += "$\\uparrow$"
      case "↓": out += "$\\downarrow$"
      case "∞": out += "$\\infty$"
      case "±": out += "$\\pm$"
      case "—": out += "---"
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out
  }
}
