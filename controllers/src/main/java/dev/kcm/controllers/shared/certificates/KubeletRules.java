package dev.kcm.controllers.shared.certificates;

import dev.kcm.controllers.shared.pki.CertificateRequest;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the certificate of a kubelet must look like. Key encipherment may be left out, since keys of
 * elliptic curves cannot do it.
 *
 * <p>Immutable.
 */
final class KubeletRules {

  private static final String NODES = "system:nodes";
  private static final String NODE_PREFIX = "system:node:";
  private static final Set<String> SERVING =
      Set.of("digital signature", "key encipherment", "server auth");
  private static final Set<String> SERVING_SHORT = Set.of("digital signature", "server auth");
  private static final Set<String> CLIENT =
      Set.of("digital signature", "key encipherment", "client auth");
  private static final Set<String> CLIENT_SHORT = Set.of("digital signature", "client auth");

  private KubeletRules() {}

  static Optional<String> servingProblem(CertificateRequest request, Collection<String> usages) {
    Set<String> wanted = Set.copyOf(usages);
    return first(
        isOfNodes(request),
        rule(
            request.hasDnsName() || request.hasIpAddress(), "DNS or IP subjectAltName is required"),
        rule(!request.hasEmailAddress(), "Email subjectAltNames are not allowed"),
        rule(!request.hasUri(), "URI subjectAltNames are not allowed"),
        rule(
            wanted.equals(SERVING) || wanted.equals(SERVING_SHORT),
            "usages did not match [digital signature key encipherment server auth]"),
        namesANode(request));
  }

  static Optional<String> clientProblem(CertificateRequest request, Collection<String> usages) {
    Set<String> wanted = Set.copyOf(usages);
    return first(
        isOfNodes(request),
        rule(!request.hasDnsName(), "DNS subjectAltNames are not allowed"),
        rule(!request.hasEmailAddress(), "Email subjectAltNames are not allowed"),
        rule(!request.hasIpAddress(), "IP subjectAltNames are not allowed"),
        rule(!request.hasUri(), "URI subjectAltNames are not allowed"),
        namesANode(request),
        rule(
            wanted.equals(CLIENT) || wanted.equals(CLIENT_SHORT),
            "usages did not match [client auth digital signature key encipherment]"));
  }

  private static Rule isOfNodes(CertificateRequest request) {
    return rule(
        request.organizations().equals(List.of(NODES)), "subject organization is not system:nodes");
  }

  private static Rule namesANode(CertificateRequest request) {
    return rule(
        request.commonName().startsWith(NODE_PREFIX),
        "subject common name does not begin with system:node:");
  }

  private static Rule rule(boolean holds, String otherwise) {
    return new Rule(holds, otherwise);
  }

  private static Optional<String> first(Rule... rules) {
    return List.of(rules).stream().filter(rule -> !rule.holds()).map(Rule::otherwise).findFirst();
  }

  private record Rule(boolean holds, String otherwise) {}
}
