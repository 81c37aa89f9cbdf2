import AuditHTTP
import Foundation
import HTTPTypes
import Logging

/// Answers the requests of `auditd`: finds the route, checks who asks, and turns errors into problems.
struct ServiceHandler: RequestHandler {
  let context: ServiceContext
  let router: Router
  let deadlines: AnswerDeadlines

  func admission(of head: RequestHead, default limit: Int) -> BodyAdmission {
    do {
      return .taken(maximumBytes: try admitted(head).route.maximumBodyBytes ?? limit)
    } catch {
      return .refused(hardened(problem(error, head)))
    }
  }

  func respond(to request: Request) async -> Response {
    do {
      return EntityTag.conditional(hardened(try await answer(request)), for: request.head)
    } catch {
      return hardened(problem(error, request.head))
    }
  }

  func response(for fault: RequestFault) -> Response { hardened(Problem(fault).response()) }

  /// The pattern that a request matches, for counters.
  func pattern(_ head: RequestHead) -> String {
    (try? router.route(head).0.pattern) ?? "none"
  }

  /// The route of a request that may be made; all that its head tells is looked at here.
  private func admitted(
    _ head: RequestHead
  ) throws(Problem) -> (route: Route, parameters: [String: String]) {
    let found = Result { () throws(Problem) in try router.route(head) }
    // Whoever has no token is not told what there is.
    try context.access.check(head, isPublic: (try? found.get().0.isPublic) ?? false)
    let (route, parameters) = try found.get()
    try router.checkQuery(head, route)
    return (route, parameters)
  }

  private func answer(_ request: Request) async throws -> Response {
    let (route, parameters) = try admitted(request.head)
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
  private func hardened(_ response: Response) -> Response {
    var response = response
    response.fields[.xContentTypeOptions] = "nosniff"
    response.fields[.referrerPolicy] = "no-referrer"
    response.fields[.crossOriginResourcePolicy] = "same-origin"
    if response.fields[.contentSecurityPolicy] == nil {
      response.fields[.contentSecurityPolicy] = "default-src 'none'; frame-ancestors 'none'"
    }
    return response
  }
}

extension HTTPField.Name {
  fileprivate static let referrerPolicy = HTTPField.Name("Referrer-Policy") ?? .userAgent
}
