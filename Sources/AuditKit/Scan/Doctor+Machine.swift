import Foundation

extension DoctorReport.Machine {
  /// What the kernel tells about this machine and this process's limits.
  static func current() -> DoctorReport.Machine {
    let cores = ProcessInfo.processInfo.activeProcessorCount
    let memory = meminfo()
    let limit = cgroupLimit("memory.max") ?? .max
    let used = cgroupLimit("memory.current") ?? 0
    let total = min(memory["MemTotal"] ?? Int(ProcessInfo.processInfo.physicalMemory), limit)
    let available = min(memory["MemAvailable"] ?? total, limit == .max ? .max : limit - used)
    return DoctorReport.Machine(
      processor: processorName(), cores: cores, threads: cores, memoryBytes: total,
      availableMemoryBytes: max(0, available), cacheBytes: lastCacheBytes(), system: systemName())
  }

  private static func processorName() -> String {
    value(of: "model name", in: text(of: "/proc/cpuinfo"), separator: ":") ?? "unknown"
  }

  private static func systemName() -> String {
    let name = value(of: "PRETTY_NAME", in: text(of: "/etc/os-release"), separator: "=")?
      .trimmingCharacters(in: CharacterSet(charactersIn: "\""))
    let kernel = text(of: "/proc/sys/kernel/osrelease").trimmingCharacters(
      in: .whitespacesAndNewlines)
    return [name, kernel.isEmpty ? nil : "Linux \(kernel)"].compactMap(\.self)
      .joined(separator: ", ")
  }

  /// `/proc/meminfo` in bytes.
  private static func meminfo() -> [String: Int] {
    var values: [String: Int] = [:]
    for line in text(of: "/proc/meminfo").split(separator: "\n") {
      let fields = line.split(whereSeparator: { $0 == " " || $0 == ":" })
      if fields.count >= 2, let kibibytes = Int(fields[1]) {
        values[String(fields[0])] = kibibytes * 1024
      }
    }
    return values
  }

  /// A limit of this process's control group (version 2), where there is one.
  private static func cgroupLimit(_ file: String) -> Int? {
    let group =
      text(of: "/proc/self/cgroup").split(separator: "\n")
      .first { $0.hasPrefix("0::") }.map { String($0.dropFirst(3)) } ?? "/"
    let limit = text(of: "/sys/fs/cgroup\(group)/\(file)")
    return Int(limit.trimmingCharacters(in: .whitespacesAndNewlines))
  }

  private static func lastCacheBytes() -> Int? {
    for index in [3, 2] {
      let size = text(of: "/sys/devices/system/cpu/cpu0/cache/index\(index)/size")
        .trimmingCharacters(in: .whitespacesAndNewlines)
      if size.hasSuffix("K"), let kibibytes = Int(size.dropLast()) { return kibibytes * 1024 }
      if size.hasSuffix("M"), let mebibytes = Int(size.dropLast()) { return mebibytes << 20 }
    }
    return nil
  }

  private static func value(of key: String, in text: String, separator: Character) -> String? {
    for line in text.split(separator: "\n") {
      guard let end = line.firstIndex(of: separator) else { continue }
      if line[..<end].trimmingCharacters(in: .whitespaces) == key {
        return line[line.index(after: end)...].trimmingCharacters(in: .whitespaces)
      }
    }
    return nil
  }

  private static func text(of path: String) -> String {
    (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
  }
}

extension DoctorReport.Storage {
  /// The space that this user may fill; a folder that is not there yet counts as its parent.
  init(folder: String) {
    path = URL(fileURLWithPath: folder).standardizedFileURL.path
    var place = URL(fileURLWithPath: path)
    while !FileManager.default.fileExists(atPath: place.path), place.path != "/" {
      place.deleteLastPathComponent()
    }
    var status = statvfs()
    freeBytes =
      statvfs(place.path, &status) == 0 ? Int(status.f_bavail) * Int(status.f_frsize) : 0
  }
}
