import AuditFiles
import Foundation
import Testing

struct TimestampTests {
  @Test func everyMillisecondSurvives() {
    for millisecond in 0..<1000 {
      let digits = String(1000 + millisecond).dropFirst()
      let text = "2026-11-25T21:34:41.\(digits)Z"
      #expect(Timestamp.date(text).map(Timestamp.text) == text)
    }
  }

  @Test func secondsNeedNoFraction() {
    #expect(Timestamp.date("1970-01-01T00:01:00Z") == Date(timeIntervalSince1970: 60))
    #expect(Timestamp.date("yesterday") == nil)
  }
}
