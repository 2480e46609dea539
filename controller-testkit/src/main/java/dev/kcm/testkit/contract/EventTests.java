package dev.kcm.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Events of both groups, and leases. Confined to the test's thread. */
abstract class EventTests extends ContractTests {

  EventTests(ApiServerContract contract) {
    super(contract);
  }

  private String old(String name) {
    return "{metadata:{name:'"
        + name
        + "'},involvedObject:{kind:'Pod',namespace:'"
        + ns
        + "',name:'p',uid:'u'},reason:'Testing',message:'m',type:'Normal',count:1,"
        + "firstTimestamp:'2026-01-01T00:00:00Z',lastTimestamp:'2026-01-01T00:00:00Z',"
        + "source:{component:'contract'}}";
  }

  @Test
  @DisplayName("A17.1 an event of one group is seen in the other, under its names there")
  void showsEventsInBothGroups() {
    api.create(core("events"), old("p.1"));
    Answer seen = api.get(in("events.k8s.io/v1", "events/p.1")).is(200);
    assertThat(seen.text("/regarding/name")).isEqualTo("p");
    assertThat(seen.text("/note")).isEqualTo("m");
    assertThat(seen.at("/deprecatedCount").asInt()).isEqualTo(1);
    assertThat(seen.text("/deprecatedSource/component")).isEqualTo("contract");
    assertThat(seen.text("/deprecatedFirstTimestamp")).isEqualTo("2026-01-01T00:00:00Z");
  }

  @Test
  @DisplayName("A17.1 an event belongs to the namespace of its object")
  void keepsEventsWithTheirObjects() {
    api.post(
            core("events"),
            "{metadata:{name:'e'},involvedObject:{kind:'Pod',namespace:'other',name:'p'}}")
        .isRefusal(422, "Invalid");
    api.post(core("events"), "{metadata:{name:'e'},involvedObject:{kind:'Node',name:'n'}}")
        .isRefusal(422, "Invalid");
    api.create(
        "/api/v1/namespaces/default/events",
        "{metadata:{name:'" + ns + "'},involvedObject:{kind:'Node',name:'n'}}");
  }

  @Test
  @DisplayName("A17.2 repeats are patches of count and message")
  void countsRepeats() {
    api.create(core("events"), old("p.1"));
    Answer patched =
        api.patch(
            Api.STRATEGIC,
            core("events/p.1"),
            "{count:2,lastTimestamp:'2026-01-01T00:01:00Z',message:'n'}");
    assertThat(patched.is(200).at("/count").asInt()).isEqualTo(2);
    api.patch(Api.STRATEGIC, core("events/none"), "{count:2}").isRefusal(404, "NotFound");
  }

  @Test
  @DisplayName("A17.1 events.k8s.io is strict")
  void isStrictAboutNewEvents() {
    String events = in("events.k8s.io/v1", "events");
    String head = "{metadata:{name:'%s'},regarding:{kind:'Pod',namespace:'" + ns + "',name:'p'},";
    String rest =
        "eventTime:'2026-01-01T00:00:00.000000Z',reportingController:'example.com/c',"
            + "reportingInstance:'i',action:'a',reason:'r',type:'Normal'}";
    api.create(events, head.formatted("a") + rest);
    api.post(
            events,
            head.formatted("b") + rest.replace("eventTime:'2026-01-01T00:00:00.000000Z',", ""))
        .isRefusal(422, "Invalid");
    api.post(events, head.formatted("b") + rest.replace("'Normal'", "'Odd'"))
        .isRefusal(422, "Invalid");
    api.post(events, head.formatted("b") + rest.replace("action:'a',", ""))
        .isRefusal(422, "Invalid");
    api.post(
            events,
            head.formatted("b")
                + "series:{count:1,lastObservedTime:'2026-01-01T00:00:00.000000Z'},"
                + rest)
        .isRefusal(422, "Invalid");
    api.merge(events + "/a", "{series:{count:2,lastObservedTime:'2026-01-01T00:00:00.000000Z'}}")
        .is(200);
    api.merge(events + "/a", "{reason:'other'}").isRefusal(422, "Invalid");
  }

  @Test
  @DisplayName("A17.3 a lease is taken by whoever writes first")
  void locksLeases() {
    String leases = in("coordination.k8s.io/v1", "leases");
    Answer made =
        api.create(
            leases,
            "{metadata:{name:'l'},spec:{holderIdentity:'one',leaseDurationSeconds:15,"
                + "acquireTime:'2026-01-01T00:00:00.000000Z',"
                + "renewTime:'2026-01-01T00:00:00.123456Z'}}");
    assertThat(made.text("/spec/renewTime")).isEqualTo("2026-01-01T00:00:00.123456Z");
    ObjectNode first = copy(made);
    child(first, "spec").put("holderIdentity", "two");
    ObjectNode second = copy(made);
    child(second, "spec").put("holderIdentity", "three");
    api.put(leases + "/l", first).is(200);
    api.put(leases + "/l", second).isRefusal(409, "Conflict");
    assertThat(api.get(leases + "/l").text("/spec/holderIdentity")).isEqualTo("two");
  }
}
