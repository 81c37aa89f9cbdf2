import NeuralKit

/// What `audit-cli doctor` finds out about the machine.
public struct DoctorReport: Codable, Sendable {
  /// Processor, memory, operating system.
  public var machine: Machine
  /// Which kernels compute, and why.
  public var kernels: KernelReport
  /// What they and the machine reach.
  public var measurements: [Measurement]
  /// Whether they compute the right thing.
  public var checks: [Check]
  /// Libraries in use and their versions.
  public var libraries: [Library]
  /// The folder where reports and work folders would lie.
  public var storage: Storage
  /// What stands in the way of good scans, with the remedy; empty where nothing does.
  public var problems: [String]
  /// What a scan would take, where asked.
  public var plan: ScanPlan?

  /// The computer, or the part of it that this process may use.
  public struct Machine: Codable, Sendable, Equatable {
    /// The processor's name.
    public var processor: String
    /// Logical cores that this process may use.
    public var cores: Int
    /// Threads that were measured.
    public var threads: Int
    /// Memory, or the limit of the control group where that is less.
    public var memoryBytes: Int
    /// Memory that could be had now.
    public var availableMemoryBytes: Int
    /// The last level of cache of one processor.
    public var cacheBytes: Int?
    /// Name and version of the operating system.
    public var system: String
  }

  /// A rate that was reached.
  public struct Measurement: Codable, Sendable, Equatable {
    /// What was measured.
    public var name: String
    /// How many units in a second.
    public var rate: Double
    /// `FLOP/s` or `byte/s`.
    public var unit: String
    /// Threads at work.
    public var threads: Int
    /// The share of the measured peak of as many threads; nil where the rate is none of arithmetic.
    public var shareOfPeak: Double?
  }

  /// A comparison of kernels with plain loops in double precision.
  public struct Check: Codable, Sendable, Equatable {
    /// What was computed.
    public var name: String
    /// Norm of the difference over norm of the plain result.
    public var relativeError: Double
    /// The most that rounding explains.
    public var tolerance: Double
    /// Whether the kernels are right.
    public var passed: Bool { relativeError <= tolerance }
  }

  /// A library that is linked or loaded.
  public struct Library: Codable, Sendable, Equatable {
    /// Its usual name.
    public var name: String
    /// Its version, or `not found`.
    public var version: String
  }

  /// A place on a disk.
  public struct Storage: Codable, Sendable, Equatable {
    /// The folder that was asked about.
    public var path: String
    /// Bytes that could be written there.
    public var freeBytes: Int
  }
}
