package dev.kcm.controllers.node.nodeipam;

import dev.kcm.core.informer.Lister;
import dev.kcm.core.loop.Reader;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.Node;
import java.util.List;
import java.util.Optional;

/**
 * Reads a node, and asks the ledger what there is for it. Asking sets ranges aside, which are the
 * same at every look.
 *
 * <p>Thread-safe: lister and ledger are.
 */
final class NodeIpamReader implements Reader<NodeIpamSnapshot> {

  private final Lister<Node> nodes;
  private final CidrLedger ledger;

  NodeIpamReader(Lister<Node> nodes, CidrLedger ledger) {
    this.nodes = nodes;
    this.ledger = ledger;
  }

  @Override
  public Optional<NodeIpamSnapshot> read(ObjectKey key, boolean settled) {
    Optional<Node> node = nodes.get(key);
    if (node.isEmpty()) {
      // It may have been read before it went and reserved after.
      var unused = ledger.release(key.name());
      return Optional.empty();
    }
    return node.filter(n -> n.getMetadata().getDeletionTimestamp() == null)
        .map(n -> new NodeIpamSnapshot(n, offer(n)));
  }

  private Offer offer(Node node) {
    String name = node.getMetadata().getName();
    List<String> present = podCidrs(node);
    return present.isEmpty()
        ? ledger.reserve(name)
        : ledger.occupy(name, present).<Offer>map(Offer.Refused::new).orElseGet(Offer.Held::new);
  }

  static List<String> podCidrs(Node node) {
    return node.getSpec() == null || node.getSpec().getPodCIDRs() == null
        ? List.of()
        : node.getSpec().getPodCIDRs();
  }
}
