/// A measured value beside what it should be.
struct Goal: Codable, Sendable, Equatable {
  /// What is measured.
  enum Measure: String, Codable, Sendable {
    case shareOfPeak, shareOfRoofline, timesPeer, memoryBytes
  }

  let measure: Measure
  let value: Double
  let atLeast: Double?
  let atMost: Double?

  init(_ measure: Measure, _ value: Double, atLeast: Double? = nil, atMost: Double? = nil) {
    self.measure = measure
    self.value = value
    self.atLeast = atLeast
    self.atMost = atMost
  }

  /// Whether the value is within its bounds.
  var isMet: Bool { value >= atLeast ?? -.infinity && value <= atMost ?? .infinity }
}
