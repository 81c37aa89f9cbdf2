import AuditHTTP
import Foundation
import HTTPTypes
import Logging

/// Answers the requests of `auditd`: finds the route, checks who asks, and turns errors into problems.
struct ServiceHandler: RequestHandler {
  let context: ServiceContext
  let router: Router
  let deadlines: AnswerDeadlines

  func maximumBodyBytes(for head: RequestHead, default limit: Int) -> Int {
    let route = try? router.route(head).0
    return route?.maximumBodyBytes ?? limit
  }

  func respond(to request: Request) async -> Response {
    var response: Response
    do {
      response = try await answer(request)
    } catch {
      response = problem(error, request.head)
    }
    Self.harden(&response)
    return EntityTag.conditional(response, for: request.head)
  }

  func response(for fault: RequestFault) -> Response {
    var response = Problem(fault).response()
    Self.harden(&response)
    return response
  }

  /// The pattern that a request matches, for counters.
  func pattern(_ head: RequestHead) -> String {
    (try? router.route(head).0.pattern) ?? "none"
  }

  private func answer(_ request: Request) async throws -> Response {
    let head = request.head
    let found = Result { () throws(Problem) in try router.route(head) }
    // Whoever has no token is not told what there is.
    try context.access.check(head, isPublic: (try? found.get().0.isPublic) ?? false)
    let (route, parameters) = try found.get()
    try router.checkQuery(head, route)
    let call = Call(request: request, parameters: parameters)
    guard route.isTimed else { return try await route.handler(call) }
    return try await deadlines.within(.seconds(context.configuration.answerSeconds)) {
      try await route.handler(call)
    }
  }

  private func problem(_ error: any Error, _ head: RequestHead) -> Response {
    let problem = Problem(error)
    if problem.status.kind == .serverError, !(error is Problem) {
      context.logger.error(
        "request failed",
        metadata: [
          "method": "\(head.method.rawValue)", "path": "\(head.target.rawPath)",
          "error": "\(error)",
        ])
    }
    return problem.response(instance: head.target.rawPath)
  }

  /// What every response tells browsers.
  private static func harden(_ response: inout Response) {
    response.fields[.xContentTypeOptions] = "nosniff"
    response.fields[.referrerPolicy] = "no-referrer"
    response.fields[.crossOriginResourcePolicy] = "same-origin"
    if response.fields[.contentSecurityPolicy] == nil {
      response.fields[.contentSecurityPolicy] = "default-src 'none'; frame-ancestors 'none'"
    }
  }
}

extension HTTPField.Name {
  fileprivate static let referrerPolicy = HTTPField.Name("Referrer-Policy") ?? .userAgent
}
