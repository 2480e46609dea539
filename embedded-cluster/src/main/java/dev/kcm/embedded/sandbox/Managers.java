package dev.kcm.embedded.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;

/** The row of manager processes, and who of them leads. */
final class Managers {

  static final String LEASE =
      "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/kube-controller-manager";

  private static final String LEADS =
      "leader_election_master_status{name=\"kube-controller-manager\"} ";

  private final List<ManagerProcess> processes;
  private final Kube kube;

  Managers(List<ManagerProcess> processes, Kube kube) {
    this.processes = List.copyOf(processes);
    this.kube = kube;
  }

  List<ManagerProcess> all() {
    return processes;
  }

  List<ManagerProcess> alive() {
    return processes.stream().filter(ManagerProcess::isAlive).toList();
  }

  /** The managers whose own metrics say that they lead. */
  List<ManagerProcess> leading() throws InterruptedException {
    List<ManagerProcess> leading = new java.util.ArrayList<>();
    for (ManagerProcess manager : alive()) {
      if (masterStatus(manager).equals(Optional.of(1))) {
        leading.add(manager);
      }
    }
    return leading;
  }

  /** The one that leads; empty while there is none, or more than one. */
  Optional<ManagerProcess> leader() throws InterruptedException {
    List<ManagerProcess> leading = leading();
    return leading.size() == 1 ? Optional.of(leading.get(0)) : Optional.empty();
  }

  /** {@code leader_election_master_status} of a manager; empty when it does not answer. */
  Optional<Integer> masterStatus(ManagerProcess manager) throws InterruptedException {
    return page(manager, "/metrics")
        .flatMap(text -> text.lines().filter(line -> line.startsWith(LEADS)).findFirst())
        .map(line -> (int) Double.parseDouble(line.substring(LEADS.length())));
  }

  /** The body of a path of a manager's HTTPS port; empty unless it answers 200. */
  Optional<String> page(ManagerProcess manager, String path) throws InterruptedException {
    try {
      HttpResponse<String> answer =
          kube.read(URI.create("https://127.0.0.1:" + manager.port() + path));
      return answer.statusCode() == 200 ? Optional.of(answer.body()) : Optional.empty();
    } catch (IOException notThere) {
      return Optional.empty();
    }
  }

  /** The spec of the Lease; an empty tree when there is none. */
  JsonNode lease() throws IOException, InterruptedException {
    return kube.get(LEASE).body().path("spec");
  }

  /** Holder of the Lease; empty when nobody holds it. */
  String holder() throws IOException, InterruptedException {
    return lease().path("holderIdentity").asText("");
  }
}
