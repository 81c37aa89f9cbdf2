import AuditRisk
import Testing

@Suite struct PlacementTests {
  @Test("each value goes to the pair that stands at its place")
  func places() {
    #expect(
      Placement.values([0.5, 0.1, 0.9, 0.3], by: [10, 30, 20, 40]) == [0.1, 0.5, 0.3, 0.9])
    #expect(Placement.values([], by: []) == [])
  }

  @Test("the own order changes nothing, and ties stand in the order of the pairs")
  func identity() {
    let values: [Float] = [0.4, -0.2, 0.4, 0.7]
    #expect(Placement.values(values, by: values) == values)
    #expect(Placement.values([3, 1, 2], by: [5, 5, 5]) == [1, 2, 3])
  }
}
