import Foundation
import NeuralKit
import Testing

/// A logistic regression of scikit-learn 1.9.1.
///
/// `LogisticRegression(C=inverseRegularization, tol=1e-8, max_iter=10000)` fitted to the first 90
/// of the rows below, in double precision from features rounded to single.
struct GoldenProbe: Sendable, CustomTestStringConvertible {
  let inverseRegularization: Double
  /// `coef_`, row after row.
  let coefficients: [Double]
  /// `intercept_`, one a class.
  let intercepts: [Double]
  /// `score` on the rows it was fitted to.
  let accuracy: Double
  /// `predict` for rows 90 to 149, or for the first 90 where it says so.
  let predictions: [Int]

  var testDescription: String { "C = \(inverseRegularization)" }

  /// Four features a row, none of which tells the class alone.
  static func features(_ rows: Range<Int>) -> Tensor {
    matrix(rows.count, 4) { row, column in
      let (row, column) = (Double(rows.lowerBound + row), Double(column))
      return sin((row + 1) * (column + 1) * 0.37 + 0.1 * column * column)
    }
  }

  /// The same on very different scales, the last one constant.
  static func unevenFeatures(_ rows: Range<Int>) -> Tensor {
    let scalars = features(rows).scalars
    return matrix(rows.count, 4) { row, column in
      let scale = [1, 10, 0.1, 0][column]
      let shift = [0, 5, -3, 2.5][column]
      return Double(scalars[row * 4 + column]) * scale + shift
    }
  }

  /// The class whose score, a feature and something unrelated, is largest.
  static func labels(_ rows: Range<Int>, classCount: Int) -> [Int] {
    rows.map { row in
      let row = Double(row + 1)
      var (best, largest) = (0, -Double.infinity)
      for number in 0..<classCount {
        let index = Double(number)
        let feature = sin(row * 0.37 * (index + 1) + 0.1 * index * index)
        let score = feature + 0.9 * sin(1.3 * row * (index + 2))
        if score > largest { (best, largest) = (number, score) }
      }
      return best
    }
  }

  private static func digits(_ text: String) -> [Int] { text.compactMap(\.wholeNumberValue) }

  static let all = [
    GoldenProbe(
      inverseRegularization: 0.316,
      coefficients: [
        0.7420209735492503, -0.2946083192230146, -0.8381451907385531, -0.17622850021254854,
        -0.26627783664404925, 0.8247231604127876, -0.2328082243970186, 0.29230474775581194,
        -0.4757431369052013, -0.5301148411897731, 1.0709534151355715, -0.11607624754326318,
      ],
      intercepts: [-0.1344814388239841, 0.042304406950108744, 0.09217703187387603],
      accuracy: 0.7,
      predictions: digits("222111222002110002221112220021100022211122200211000222111222")),
    GoldenProbe(
      inverseRegularization: 10,
      coefficients: [
        1.2219634615642079, -0.3997663089545902, -1.3214345776292677, -0.2960751473312683,
        -0.41400095718307833, 1.240516184886877, -0.46641396497673326, 0.560381303290239,
        -0.8079625043811293, -0.8407498759322872, 1.7878485426060005, -0.2643061559589719,
      ],
      intercepts: [-0.18084788449362063, 0.15120853808934342, 0.029639346404276568],
      accuracy: 0.6444444444444445,
      predictions: digits("222111222001110002211112220011100022111122200111000221111222")),
  ]

  /// Two classes, for which scikit-learn fits one row.
  static let binary = GoldenProbe(
    inverseRegularization: 0.632,
    coefficients: [
      -1.178020420015188, 1.2664447550227909, -0.07672589220714889, 0.16507394236886078,
    ],
    intercepts: [-0.050019692312], accuracy: 0.7555555555555555,
    predictions: digits("000111110001110000001111100011100000011111000111000000111110"))

  /// Behind a `StandardScaler`, on the uneven features; predictions for the first 90 rows.
  static let standardised = GoldenProbe(
    inverseRegularization: 0.316,
    coefficients: [
      0.6252023619364954, -0.21787544163026945, -0.6983677011622429, 0, -0.2102574147762879,
      0.6348717788924344, -0.18065260841404734, 0, -0.4149449471602075, -0.4169963372621649,
      0.87902030957629, 0,
    ],
    intercepts: [-0.119867977345748, 0.09674894957911774, 0.023119027766631047], accuracy: 0,
    predictions: digits(
      "210002221112220022100022211122200221000222111222002210002221112220022100022211122200221000"
    ))

  /// `StandardScaler.mean_` of the uneven features.
  static let means = [0.044120583083066676, 5.207131142086453, -3.000390468703376, 2.5]
  /// `StandardScaler.scale_` of the uneven features.
  static let deviations = [0.7122363656785025, 7.067888457652674, 0.07078397743776182, 1.0]
}
