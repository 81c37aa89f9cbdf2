import AuditPixels
import Foundation
import Testing

@Suite struct ConfigurationTests {
  private func decode<Value: Decodable>(_ json: String, _ type: Value.Type) throws -> Value {
    try JSONDecoder().decode(type, from: Data(json.utf8))
  }

  private func message<Value: Decodable>(_ json: String, _ type: Value.Type) -> String {
    let error = #expect(throws: DecodingError.self) { try decode(json, type) }
    guard case .dataCorrupted(let context) = error else { return "" }
    return context.debugDescription
  }

  @Test func missingKeysKeepTheirDefaults() throws {
    #expect(try decode("{}", ImageAugmentationConfiguration.self) == .init())
    #expect(try decode("{}", ThumbnailConfiguration.self) == .init())
    #expect(try decode("{}", ImageLimits.self) == .init())
    let hue = try decode("{\"hue\": 0.25}", ImageAugmentationConfiguration.self)
    #expect(hue.hue == 0.25 && hue.brightness == 0.5)
    let squash = try decode("{\"fit\": \"squash\"}", ThumbnailConfiguration.self)
    #expect(squash == ThumbnailConfiguration(edgePixels: 64, fit: .squash))
  }

  @Test func everySettingSurvivesJSON() throws {
    var augmentation = ImageAugmentationConfiguration()
    augmentation.cropScaleMinimum = 0.2
    augmentation.cropScaleMaximum = 0.9
    augmentation.cropRatioMinimum = 0.5
    augmentation.cropRatioMaximum = 2
    augmentation.flipProbability = 0.1
    augmentation.jitterProbability = 0.2
    augmentation.brightness = 0.3
    augmentation.contrast = 0.4
    augmentation.saturation = 0.6
    augmentation.hue = 0.7 / 2
    augmentation.greyscaleProbability = 0.8
    augmentation.blurProbability = 0.9
    augmentation.blurKernelFraction = 0.15
    augmentation.blurSigmaMinimum = 0.3
    augmentation.blurSigmaMaximum = 1.1
    augmentation.patternProbability = 0.25
    augmentation.patternOpacityMaximum = 0.45
    augmentation.patternCellsMinimum = 2
    augmentation.patternCellsMaximum = 17
    augmentation.patchProbability = 0.35
    augmentation.patchEdgeMinimum = 0.2
    augmentation.patchEdgeMaximum = 0.7
    augmentation.patchCellsMaximum = 3
    let data = try JSONEncoder().encode(augmentation)
    #expect(
      try JSONDecoder().decode(ImageAugmentationConfiguration.self, from: data) == augmentation)
    let names = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any]).keys
    #expect(names.count == Mirror(reflecting: augmentation).children.count)
  }

  @Test func unknownKeyNamesTheNearestKnownOne() {
    let text = message("{\"flipProbabilty\": 0.5}", ImageAugmentationConfiguration.self)
    #expect(text.contains("'flipProbabilty'") && text.contains("'flipProbability'"))
    #expect(message("{\"edge\": 3}", ThumbnailConfiguration.self).contains("'edgePixels'"))
    #expect(message("{\"maxPixels\": 3}", ImageLimits.self).contains("'maximumPixels'"))
  }

  @Test func valuesOutOfRangeAreRefused() {
    for json in [
      "{\"hue\": 0.6}", "{\"flipProbability\": 1.5}", "{\"cropScaleMinimum\": 0}",
      "{\"cropScaleMinimum\": 0.9, \"cropScaleMaximum\": 0.5}", "{\"blurSigmaMinimum\": 3}",
      "{\"patternProbability\": 1.5}", "{\"patternCellsMinimum\": 0}",
      "{\"patternCellsMaximum\": 3}", "{\"patchEdgeMinimum\": 0.5}", "{\"patchEdgeMaximum\": 1.1}",
    ] {
      #expect(!message(json, ImageAugmentationConfiguration.self).isEmpty, "\(json)")
    }
    #expect(message("{\"edgePixels\": 0}", ThumbnailConfiguration.self).contains("1...4096"))
  }
}
