import AuditEvaluation
import Testing

@Suite("Critical values")
struct CriticalValueTests {
  /// SciPy 1.17.1: t.ppf((1 + level) / 2, degrees) for the levels 0.5, 0.95 and 0.999.
  @Test(
    "Student's are SciPy's",
    arguments: [
      (1, [1.0, 12.706204736174694, 636.6192487687897]),
      (2, [0.8164965809277261, 4.302652729749462, 31.599054576445365]),
      (3, [0.7648923284043444, 3.1824463052837078, 12.923978636687961]),
      (4, [0.7406970841126829, 2.7764451051977934, 8.610301581379522]),
      (5, [0.7266868438004226, 2.5705818356363146, 6.868826625881276]),
      (9, [0.7027221467513264, 2.262157162798205, 4.780912585931217]),
      (30, [0.6827556933212927, 2.0422724563012378, 3.6459586350420627]),
      (999, [0.6747354103467192, 1.9623414611334493, 3.3002924403987666]),
    ])
  func student(degrees: Int, expected: [Double]) {
    let distribution = StudentDistribution(degreesOfFreedom: degrees)
    for (level, value) in zip([0.5, 0.95, 0.999], expected) {
      let found = distribution.criticalValue(level: level)
      #expect(isClose(found / value, 1, within: 1e-10), "\(found) at \(level)")
    }
  }

  /// SciPy 1.17.1: norm.ppf((1 + level) / 2).
  @Test(
    "the normal distribution's are SciPy's",
    arguments: [
      (0.5, 0.6744897501960817), (0.9, 1.6448536269514722), (0.95, 1.959963984540054),
      (0.999, 3.2905267314919255),
    ])
  func normal(level: Double, expected: Double) {
    #expect(isClose(StandardNormal.criticalValue(level: level), expected, within: 1e-12))
  }

  @Test("coverage rises from nothing toward everything", arguments: [1, 2, 3, 8, 41])
  func coverage(degrees: Int) {
    let distribution = StudentDistribution(degreesOfFreedom: degrees)
    #expect(distribution.coverage(within: 0) == 0)
    var previous = 0.0
    for t in stride(from: 0.1, through: 6, by: 0.1) {
      let next = distribution.coverage(within: t)
      #expect(next > previous && next < StandardNormal.coverage(within: t))
      previous = next
    }
    #expect(isClose(distribution.coverage(within: 1e18), 1, within: 1e-15))
  }
}
