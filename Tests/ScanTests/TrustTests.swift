import AuditKit
import AuditRisk
import Testing

@Suite struct TrustTests {
  @Test("the weaker the alignment, the less the summary promises")
  func levels() {
    let texts = [0.5, 0.7, 0.8, 0.95].map { lower in
      ScanSummary.trust(
        alignment: IntervalEstimate(value: (lower + 1) / 2, lower: lower, upper: 1))
    }
    #expect(Set(texts).count == 4)
    #expect(texts[0].contains("do not act"))
    #expect(texts[1].contains("not to delete"))
    #expect(texts.allSatisfy { !$0.contains("  ") })
  }
}
