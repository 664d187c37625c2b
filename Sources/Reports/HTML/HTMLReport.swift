/// One self-contained page: inline style, inline SVG, no script, nothing loaded from anywhere.
public enum HTMLReport {
  /// The whole page, UTF-8, ending in a line feed.
  public static func render(_ report: ReportDocument) -> String { "" }
}
