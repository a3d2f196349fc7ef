internal import PAMClient

extension PAMCredentialProvider {
    func limit(_ deadline: ContinuousClock.Instant) -> ContinuousClock.Instant {
        guard let timeout = configuration.timeout else { return deadline }
        return min(deadline, .now + timeout)
    }

    func request(for user: String, from remoteAddress: String?) -> PAMRequest {
        PAMRequest(
            service: configuration.service,
            confdir: configuration.confdir,
            user: user,
            remoteHost: remoteAddress,
            terminal: configuration.tty
        )
    }

    func outcome(
        of answer: PAMWorkerPool.Answer,
        _ deadline: ContinuousClock.Instant
    ) async -> CredentialOutcome {
        switch answer {
        case .prompts(let id, let messages, let prompts):
            let questions = prompts.map { Challenge.Prompt(text: $0.text, echoes: $0.echo) }
            return .challenge(
                Challenge(id: id, provider: name, messages: messages.map(\.text), prompts: questions)
            )
        case .noConversation: return refused(.notPermitted, "the challenge has expired or was answered before")
        case .finished(let finding): return await outcome(of: finding, deadline)
        case .failed, .unavailable: return .unavailable(outage(of: answer))
        }
    }

    func outcome(of finding: PAMFinding, _ deadline: ContinuousClock.Instant) async -> CredentialOutcome {
        let verdict = PAMVerdict(password: finding)
        record(finding, verdict)
        do throws(Outage) {
            switch verdict {
            case .right:
                let notices = finding.result.messages.map { CredentialNotice.message($0.text) }
                return try await identify(finding, deadline) { .verified($0, notices: notices) }
            case .mustChange:
                return try await identify(finding, deadline) { .passwordChangeRequired($0, .expired) }
            case .refused(.wrongPassword, let detail):
                return refused(await isUnknown(finding, deadline) ? .unknownUser : .wrongPassword, detail)
            case .refused(let reason, let detail): return refused(reason, detail)
            case .unavailable(let kind, let code, let detail): return .unavailable(outage(kind, code, detail))
            }
        } catch {
            return .unavailable(error)
        }
    }

    func record(_ finding: PAMFinding, _ verdict: PAMVerdict) {
        let result = finding.result
        let delay = result.wantedDelay == .zero ? "" : "; the stack wanted a delay of \(result.wantedDelay)"
        DecisionTrace.record(
            DecisionStep(
                step: "pam",
                target: "service \(configuration.service)",
                request: finding.typedName,
                result: verdict.word,
                code: (result.account ?? result.authentication).map { Int($0.rawValue) },
                detail: verdict.detail + delay
            )
        )
    }

    func refused(_ reason: Refusal.Reason, _ detail: String) -> CredentialOutcome {
        .refused(refusal(reason, detail))
    }

    func refusal(_ reason: Refusal.Reason, _ detail: String) -> Refusal {
        Refusal(reason, provider: name, detail: "PAM service \(configuration.service): \(detail)")
    }

    func outage(_ kind: Outage.Kind, _ code: Int32?, _ detail: String) -> Outage {
        Outage(
            kind,
            source: name,
            step: "pam",
            code: code.map(Int.init),
            detail: "PAM service \(configuration.service): \(detail)"
        )
    }

    func outage(of answer: PAMWorkerPool.Answer) -> Outage {
        switch answer {
        case .failed(let text, let status): outage(.misconfigured, status?.rawValue, text)
        case .unavailable(let failure):
            Outage(failure.kind, source: name, step: "worker", detail: failure.detail)
        case .finished, .prompts, .noConversation:
            outage(.internal, nil, "a look at an account was answered like a conversation")
        }
    }
}
