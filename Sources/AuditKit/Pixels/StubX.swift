public struct ThumbnailConfiguration: Codable, Sendable { public init() {} }
public struct ImageAugmentationConfiguration: Codable, Sendable { public init() {} }
