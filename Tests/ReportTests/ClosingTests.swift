import AuditReport
import Foundation
import TestSupport
import Testing

struct ClosingTests {
  @Test func aClosedReportIsOneFile() throws {
    let fixture = try ReportFixture()
    let run = try fixture.run(pairs: 3)
    // A reading connection that is left open last could not take the log away.
    #expect(try fixture.read { try $0.run(run).pairCount } == 3)
    try fixture.store.close()
    let names = try FileManager.default.contentsOfDirectory(atPath: fixture.folder.path)
    #expect(names == ["audit.sqlite"])
    #expect(try ReportReader(path: fixture.path).read { try $0.run(run).pairCount } == 3)
  }
}
