import AuditLab
import Testing

@Suite struct LabTableTests {
  private static let table = LabTable(
    title: "A table", columns: ["name", "value"], rows: [["a, \"b\"", "1"], ["c|d", "2"]])

  @Test("CSV quotes what it must")
  func csv() {
    #expect(Self.table.csv == "name,value\r\n\"a, \"\"b\"\"\",1\r\nc|d,2\r\n")
  }

  @Test("a line end inside a field is quoted, of whatever kind", arguments: ["\n", "\r", "\r\n"])
  func lineEnds(end: String) {
    let table = LabTable(title: "", columns: ["name"], rows: [["a\(end)b"]])
    #expect(table.csv == "name\r\n\"a\(end)b\"\r\n")
  }

  @Test("Markdown keeps its columns apart")
  func markdown() {
    #expect(
      Self.table.markdown
        == "**A table**\n\n| name | value |\n| --- | --- |\n| a, \"b\" | 1 |\n| c\\|d | 2 |\n")
  }
}
