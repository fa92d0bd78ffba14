/// Disputes: opened by test methods and on command, answered with evidence, won or lost.
enum Disputing {
    @discardableResult
    static func open(_ charge: Node, reason: String, isInquiry: Bool, _ state: inout BookState) -> Node {
        var dispute = RefundResource.dispute(charge: charge, reason: reason, isInquiry: isInquiry, now: state.nowSeconds)
        if !isInquiry {
            let entry = ChargeResource.balanceTransaction(
                of: dispute, amount: -(charge["amount"].number ?? 0), type: "adjustment", now: state.nowSeconds)
            state.put(.balanceTransaction, entry)
            dispute["balance_transactions"] = [entry]
        }
        state.put(.dispute, dispute)
        state.update(.charge, charge["id"].text ?? "") { $0["disputed"] = true }
        Announcer.tell("charge.dispute.created", dispute, of: nil, &state)
        if !isInquiry { Announcer.tell("charge.dispute.funds_withdrawn", dispute, of: nil, &state) }
        return dispute
    }

    /// Test mode decides by the words of the evidence (payment-facts.md 1.9).
    static func answer(_ id: String, evidence: Node, submits: Bool, _ call: StripeCall, _ state: inout BookState) -> Node {
        let text = evidence["uncategorized_text"].text
        let isInquiry = state.find(.dispute, id)?["status"].text?.hasPrefix("warning") == true
        let changed = state.update(.dispute, id) { dispute in
            dispute["evidence"] = dispute["evidence"].merging(evidence)
            dispute["evidence_details"]["has_evidence"] = true
            guard submits else { return }
            dispute["evidence_details"]["submission_count"] = .number((dispute["evidence_details"]["submission_count"].number ?? 0) + 1)
            switch text {
            case "winning_evidence": dispute["status"] = isInquiry ? "warning_closed" : "won"
            case "losing_evidence": dispute["status"] = "lost"
            default: dispute["status"] = isInquiry ? "warning_under_review" : "under_review"
            }
        }
        Announcer.tell("charge.dispute.updated", changed, of: call, &state)
        switch changed["status"].text {
        case "won":
            _ = Charging.post(changed, changed["amount"].number ?? 0, "adjustment", &state)
            Announcer.tell("charge.dispute.closed", changed, of: call, &state)
            Announcer.tell("charge.dispute.funds_reinstated", changed, of: call, &state)
        case "lost", "warning_closed": Announcer.tell("charge.dispute.closed", changed, of: call, &state)
        default: break
        }
        return changed
    }

    static func close(_ id: String, _ call: StripeCall, _ state: inout BookState) -> Node {
        let changed = state.update(.dispute, id) { $0["status"] = "lost" }
        Announcer.tell("charge.dispute.closed", changed, of: call, &state)
        return changed
    }
}
