"""The exchange between authorities: sealed and signed messages that are neither lost, nor doubled, nor out of order.

A protocol core without network, disk, clock or chance of its own. `delivery.Exchange` is the one object to use;
`ports` says what it asks of its surroundings, `content` what can be sent, `verdict` what comes out. The protocol is
described in docs/reference/exchange-protocol.md.
"""
