import AuditReport
import Foundation
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct VerdictsCommandTests {
  private func reviewed() throws -> ReportFixture {
    let fixture = try ReportFixture.make()
    let store = try ReportStore(path: fixture.path)
    try store.setVerdict(
      VerdictRecord(verdict: .poison, note: "a, b", reviewer: "ana"), of: 1, ordinal: 0)
    try store.setVerdict(VerdictRecord(verdict: .clean), of: 1, ordinal: 3)
    try store.close()
    return fixture
  }

  @Test("verdicts are listed as text, JSON and CSV")
  func lists() async throws {
    let fixture = try reviewed()
    let text = try await CommandRun("verdicts", fixture.path)
    #expect(text.status == 0 && text.output.contains("poison") && text.output.contains("ana"))
    let json = try await CommandRun("verdicts", fixture.path, "--json")
    let list = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]]
    #expect(list?.count == 2)
    #expect(list?.contains { $0["note"] as? String == "a, b" } == true)
    let csv = try await CommandRun("verdicts", fixture.path, "--csv")
    #expect(csv.output.hasPrefix(VerdictTable.columns.joined(separator: ",") + "\n"))
    #expect(csv.output.contains("\"a, b\""))
  }

  @Test(
    "verdicts travel by table and by report, and are taken over once", arguments: [true, false])
  func travels(byTable: Bool) async throws {
    let (first, second) = (try reviewed(), try ReportFixture.make())
    var source = first.path
    if byTable {
      source = second.folder.file("verdicts.csv")
      let written = try await CommandRun("verdicts", first.path, "--csv", "-o", source)
      #expect(written.status == 0, "\(written.errors)")
    }
    let taken = try await CommandRun("verdicts", second.path, "--from", source)
    #expect(taken.output.hasPrefix("2 verdicts taken over, 0 here already"), "\(taken.errors)")
    let again = try await CommandRun("verdicts", second.path, "--from", source, "--json")
    let result = try JSONSerialization.jsonObject(with: Data(again.output.utf8)) as? [String: Any]
    #expect(result?["unchanged"] as? Int == 2)
  }

  @Test("a broken table is named with its line")
  func broken() async throws {
    let fixture = try reviewed()
    let table = try fixture.folder.write("v.csv", "key,caption,verdict\na,b,perhaps\n")
    let run = try await CommandRun("verdicts", fixture.path, "--from", table)
    #expect(run.status == 1 && run.errors.contains("Line 2"))
    let unreviewed = try ReportFixture.make()
    let empty = try await CommandRun("verdicts", unreviewed.path)
    #expect(empty.output == "No pair was reviewed yet.\n")
  }

  @Test("options that exclude each other end with 64")
  func wrongUsage() async throws {
    for more in [["--csv", "--json"], ["-o", "x"], ["--csv", "--from", "x"]] {
      #expect(try await CommandRun(["verdicts", "x"] + more).status == 64)
    }
  }
}
