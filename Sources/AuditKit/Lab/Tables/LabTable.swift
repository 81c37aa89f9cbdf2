import AuditReport

/// A table of results: texts in columns, to be laid out by whoever prints it.
public struct LabTable: Sendable, Equatable {
  /// What it shows.
  public var title: String
  /// Heads of the columns.
  public var columns: [String]
  /// One text for each column.
  public var rows: [[String]]

  /// A table.
  public init(title: String, columns: [String], rows: [[String]]) {
    self.title = title
    self.columns = columns
    self.rows = rows
  }

  /// Lines of RFC 4180, heads first.
  public var csv: String {
    ([columns] + rows).map { $0.map(CSVField.quoted).joined(separator: ",") + "\r\n" }.joined()
  }

  /// A table in Markdown with its title before it.
  public var markdown: String {
    func line(_ fields: [String]) -> String {
      "| " + fields.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |\n"
    }
    let rule = "|" + String(repeating: " --- |", count: columns.count) + "\n"
    return "**\(title)**\n\n" + line(columns) + rule + rows.map(line).joined()
  }
}
