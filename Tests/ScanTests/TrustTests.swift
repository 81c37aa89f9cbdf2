import AuditKit
import Testing

@Suite struct TrustTests {
  @Test("the weaker the alignment, the less the summary promises")
  func levels() {
    let texts = [0.5, 0.7, 0.8, 0.95].map { ScanSummary.trust(alignment: $0) }
    #expect(Set(texts).count == 4)
    #expect(texts[0].contains("do not act"))
    #expect(texts[1].contains("not to delete"))
    #expect(texts.allSatisfy { !$0.contains("  ") })
  }
}
