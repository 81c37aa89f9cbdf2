import Testing
import audit_cli

@Suite struct QuantityTests {
  @Test(
    "counts are grouped",
    arguments: [(0, "0"), (999, "999"), (8121, "8,121"), (-1_234_567, "-1,234,567")])
  func counts(value: Int, text: String) { #expect(Quantity.count(value) == text) }

  @Test(
    "shares keep what matters",
    arguments: [
      (0, "0 %"), (1, "100 %"), (0.139, "13.9 %"), (0.0021, "0.21 %"), (0.00001, "below 0.01 %"),
      (0.9999, "100 %"), (-0.05, "-5.0 %"), (Double.nan, "unknown"),
    ])
  func shares(value: Double, text: String) { #expect(Quantity.share(value) == text) }

  @Test(
    "times show two units",
    arguments: [
      (0, "0 s"), (3.21, "3.2 s"), (59.6, "1 min 00 s"), (130, "2 min 10 s"),
      (3599.9, "1 h 00 min"),
      (11_100, "3 h 05 min"), (187_200, "2 d 04 h"), (Double.infinity, "unknown"), (-1, "unknown"),
    ])
  func durations(value: Double, text: String) { #expect(Quantity.duration(value) == text) }

  @Test(
    "a clock counts seconds, minutes, hours",
    arguments: [
      (0, "0:00"), (9.6, "0:10"), (130, "2:10"), (3599.4, "59:59"), (3600, "1:00:00"),
      (93_784, "26:03:04"), (Double.nan, "?"),
    ])
  func clocks(value: Double, text: String) { #expect(Quantity.clock(value) == text) }

  @Test(
    "bytes use binary units",
    arguments: [
      (0, "0 B"), (1023, "1023 B"), (1536, "1.5 KiB"), (1 << 20, "1.0 MiB"), (24 << 30, "24 GiB"),
      ((1 << 20) - 1, "1.0 MiB"),
    ])
  func bytes(value: Int, text: String) { #expect(Quantity.bytes(value) == text) }

  @Test(
    "rates keep three digits",
    arguments: [(1234.4, "1,234"), (812.3, "812"), (45.31, "45.3"), (3.214, "3.21")])
  func rates(value: Double, text: String) { #expect(Quantity.rate(value) == text) }

  @Test("a rounded zero has no sign")
  func negativeZero() { #expect(Quantity.decimal(-0.0001, digits: 2) == "0.00") }
}
