package dev.kcm.embedded.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Stops, kills and restarts managers and watches who leads: steps C1 to C5. */
final class LeadershipDemo {

  private static final Duration HAND_OVER = Duration.ofSeconds(3);
  private static final Duration TAKE_OVER = Duration.ofSeconds(20);
  private static final Duration START = Duration.ofSeconds(30);
  private static final Duration STANDBY_WATCH = Duration.ofSeconds(5);
  private static final int MANY = 500;
  private static final int KILL_AT = 40;

  private final Protocol protocol;
  private final Kube kube;
  private final Managers managers;

  LeadershipDemo(Protocol protocol, Kube kube, Managers managers) {
    this.protocol = protocol;
    this.kube = kube;
    this.managers = managers;
  }

  /** Steps that only look: C1 and C2. */
  void looks() throws IOException, InterruptedException {
    exactlyOneLeads();
    leaseSaysWho();
  }

  /** Steps that stop and kill: C3 to C5. */
  void stopsAndKills() throws IOException, InterruptedException {
    handsOverOnStop();
    lastOneLeads();
    takesOverAfterKill();
    createsNothingTwice();
  }

  private void exactlyOneLeads() throws IOException, InterruptedException {
    protocol.step("C1", "All managers run, exactly one leads");
    Waiting.Seen<Integer> healthy =
        Waiting.until(START, this::healthy, count -> count == managers.all().size());
    protocol.equal("managers whose /healthz is ok", managers.all().size(), healthy.value());
    Waiting.Seen<Integer> leading =
        Waiting.until(START, () -> managers.leading().size(), count -> count == 1);
    protocol.equal("leader_election_master_status 1", 1, leading.value());
    int standbys = 0;
    for (ManagerProcess manager : managers.all()) {
      standbys += managers.masterStatus(manager).equals(Optional.of(0)) ? 1 : 0;
    }
    protocol.equal("leader_election_master_status 0", managers.all().size() - 1, standbys);
  }

  private int healthy() throws InterruptedException {
    int count = 0;
    for (ManagerProcess manager : managers.alive()) {
      count += managers.page(manager, "/healthz").equals(Optional.of("ok")) ? 1 : 0;
    }
    return count;
  }

  private void leaseSaysWho() throws IOException, InterruptedException {
    protocol.step("C2", "The Lease says who leads");
    protocol.did("kubectl -n kube-system get lease kube-controller-manager -o yaml");
    JsonNode lease = managers.lease();
    String holder = lease.path("holderIdentity").asText();
    protocol.check(
        "holderIdentity",
        "<hostname>_<uuid>",
        holder,
        holder.matches(".+_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"));
    protocol.equal("leaseDurationSeconds", 15, lease.path("leaseDurationSeconds").asInt());
    protocol.equal("leaseTransitions", 0, lease.path("leaseTransitions").asInt());
    String before = lease.path("renewTime").asText();
    Waiting.Seen<String> moved =
        Waiting.until(
            Duration.ofSeconds(5),
            () -> managers.lease().path("renewTime").asText(),
            time -> !time.equals(before));
    protocol.within("renewTime moves", Duration.ofSeconds(3), moved);
  }

  private void handsOverOnStop() throws IOException, InterruptedException {
    protocol.step("C3", "A stopped leader hands over");
    ManagerProcess leader = theLeader();
    int transitions = managers.lease().path("leaseTransitions").asInt();
    String before = managers.holder();
    protocol.did("systemctl stop kube-controller-manager   # SIGTERM to " + leader);
    leader.terminate();
    Waiting.Seen<String> holder = newHolder(before, Duration.ofSeconds(25));
    protocol.within("another holds the lease", HAND_OVER, holder);
    Waiting.Seen<Integer> leading =
        Waiting.until(START, () -> managers.leading().size(), count -> count == 1);
    protocol.equal("leaders", 1, leading.value());
    leader.awaitEnd(Duration.ofSeconds(10));
    protocol.equal("exit code", OptionalInt.of(0), leader.exitCode());
    protocol.equal(
        "leaseTransitions", transitions + 1, managers.lease().path("leaseTransitions").asInt());
    long acquired =
        theLeader().logged("successfully acquired lease kube-system/kube-controller-manager");
    protocol.check("its log says it acquired the lease", "1 line", acquired, acquired >= 1);
    String expected = managers.holder() + " became leader";
    Waiting.Seen<Boolean> event =
        Waiting.until(Duration.ofSeconds(5), () -> hasElectionEvent(expected), found -> found);
    protocol.check("event LeaderElection", expected, event.held(), event.held());
    worksOn("after the hand-over", 1);
  }

  private boolean hasElectionEvent(String message) throws IOException, InterruptedException {
    JsonNode events = kube.get("/api/v1/namespaces/kube-system/events").ok();
    for (JsonNode event : events.path("items")) {
      if (event.path("reason").asText().equals("LeaderElection")
          && event.path("message").asText().equals(message)) {
        return true;
      }
    }
    return false;
  }

  private void lastOneLeads() throws IOException, InterruptedException {
    protocol.step("C4", "The last one running leads; those that come back wait");
    ManagerProcess leader = theLeader();
    String before = managers.holder();
    protocol.did("systemctl stop kube-controller-manager   # SIGTERM to " + leader);
    leader.terminate();
    protocol.within(
        "another holds the lease", HAND_OVER, newHolder(before, Duration.ofSeconds(25)));
    leader.awaitEnd(Duration.ofSeconds(10));
    protocol.equal("managers running", managers.all().size() - 2, managers.alive().size());
    Waiting.Seen<Integer> leading =
        Waiting.until(START, () -> managers.leading().size(), count -> count == 1);
    protocol.equal("leaders", 1, leading.value());
    String holder = managers.holder();
    startStopped();
    Waiting.Seen<Integer> healthy =
        Waiting.until(START, this::healthy, count -> count == managers.all().size());
    protocol.equal("managers whose /healthz is ok", managers.all().size(), healthy.value());
    Waiting.Seen<String> moved = newHolder(holder, STANDBY_WATCH);
    protocol.equal("holder after they came back", holder, moved.value());
    worksOn("after the others came back", 2);
  }

  private void takesOverAfterKill() throws IOException, InterruptedException {
    protocol.step("C5", "A killed leader is replaced");
    ManagerProcess leader = theLeader();
    String before = managers.holder();
    protocol.did("kill -9   # " + leader);
    leader.kill();
    leader.awaitEnd(Duration.ofSeconds(10));
    protocol.within("another holds the lease", TAKE_OVER, newHolder(before, TAKE_OVER));
    worksOn("after the take-over", 3);
    startStopped();
  }

  private void createsNothingTwice() throws IOException, InterruptedException {
    protocol.step(
        "C5", "A leader killed while it creates " + MANY + " pods leaves exactly " + MANY);
    Replicas many = new Replicas(kube, "many", "many");
    ManagerProcess leader = theLeader();
    String before = managers.holder();
    protocol.did("kubectl create -f many.json   # replicas: " + MANY);
    many.create(MANY).ok();
    Waiting.Seen<Integer> some =
        Waiting.until(Duration.ofSeconds(30), many::podCount, count -> count >= KILL_AT);
    leader.kill();
    protocol.did("kill -9   # " + leader + ", when there were " + some.value() + " pods");
    leader.awaitEnd(Duration.ofSeconds(10));
    int left = many.podCount();
    protocol.check("it was killed half-way", "fewer than " + MANY + " pods", left, left < MANY);
    protocol.within("another holds the lease", TAKE_OVER, newHolder(before, TAKE_OVER));
    String all = MANY + "/" + MANY + "/" + MANY;
    Waiting.Seen<String> settled = Waiting.until(Duration.ofSeconds(60), many::counts, all::equals);
    protocol.equal("desired/current/ready", all, settled.value());
    Waiting.Seen<Integer> more =
        Waiting.until(Duration.ofSeconds(2), many::podCount, count -> count != MANY);
    protocol.equal("pods", MANY, more.value());
    startStopped();
  }

  /** Shows that the new leader does its work: a small controller gets its pods. */
  private void worksOn(String when, int number) throws IOException, InterruptedException {
    Replicas probe = new Replicas(kube, "probe-" + number, "probe-" + number);
    probe.create(2).ok();
    protocol.equal("a new controller " + when, "2/2/2", probe.await("2/2/2").value());
    protocol.equal("its pods", 2, probe.podCount());
  }

  private Waiting.Seen<String> newHolder(String before, Duration timeout)
      throws IOException, InterruptedException {
    return Waiting.until(
        timeout, managers::holder, holder -> !holder.isEmpty() && !holder.equals(before));
  }

  private ManagerProcess theLeader() throws IOException, InterruptedException {
    Waiting.Seen<Optional<ManagerProcess>> seen =
        Waiting.until(START, managers::leader, Optional::isPresent);
    return seen.value()
        .orElseThrow(() -> new IOException("no manager says that it leads, within " + START));
  }

  private void startStopped() throws IOException {
    List<ManagerProcess> stopped =
        managers.all().stream().filter(manager -> !manager.isAlive()).toList();
    for (ManagerProcess manager : stopped) {
      protocol.did("systemctl start kube-controller-manager   # " + manager);
      manager.start();
    }
  }
}
