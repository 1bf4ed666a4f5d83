//! Where a host really is.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::Url;
use tokio::net::lookup_host;

use super::FeedRules;

/// The addresses of the host of `url`, if all of them may be asked.
pub(super) async fn resolve(url: &Url, rules: &FeedRules) -> Result<Vec<SocketAddr>, String> {
    // Brackets belong to the notation of a URL.
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let port = url.port_or_known_default().unwrap_or(443);
    let found = tokio::time::timeout(rules.time_limit, lookup_host((host, port))).await;
    let found = found.map_err(|_| format!("主机 {host} 的域名解析超时；将自动重试"))?;
    let found = found.map_err(|_| format!("主机 {host} 无法解析；请检查网址，将自动重试"))?;
    let addresses: Vec<SocketAddr> = found.collect();
    if addresses.is_empty() {
        return Err(format!("主机 {host} 没有地址；请检查网址"));
    }
    let is_refused = |address: &&SocketAddr| !rules.allow_private && !is_public(address.ip());
    match addresses.iter().find(is_refused) {
        Some(address) => Err(format!("主机 {host} 指向内部地址 {}，不予访问", address.ip())),
        None => Ok(addresses),
    }
}

/// Whether an address is out in the world, after the special-purpose registries of IANA. Forms that
/// wrap an IPv4 address are not public: they lead where their inner address leads.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let is_special = match (a, b, c) {
        // This network; class E and broadcast.
        (0 | 240.., ..) => true,
        // Carrier-grade NAT.
        (100, 64..=127, _) => true,
        // Protocol assignments; the relay of 6to4.
        (192, 0, 0) | (192, 88, 99) => true,
        // Benchmarks.
        (198, 18..=19, _) => true,
        _ => address.is_documentation(),
    };
    !(is_special
        || address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast())
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    match address.segments() {
        // Documentation, Teredo and other protocols; 6to4.
        [0x2001, 0x0db8, ..] | [0x2001, 0..0x200, ..] | [0x2002, ..] => false,
        [0x3fff, second, ..] if second < 0x1000 => false,
        // Only this eighth of the space is given out.
        [first, ..] => (0x2000..0x4000).contains(&first),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inner_addresses_in_any_dress_are_not_public() {
        for text in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "100.127.255.255",
            "0.0.0.0",
            "224.0.0.1",
            "239.1.1.1",
            "255.255.255.255",
            "240.0.0.1",
            "192.0.0.8",
            "192.0.2.1",
            "198.18.0.1",
            "203.0.113.9",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:8.8.8.8",
            "::7f00:1",
            "64:ff9b::7f00:1",
            "fe80::1",
            "fec0::1",
            "fc00::1",
            "fd12::1",
            "ff02::1",
            "2001:db8::1",
            "2001::1",
            "2002:7f00:1::",
            "3fff::1",
        ] {
            assert!(!is_public(text.parse().expect("an address")), "{text}");
        }
        for text in [
            "8.8.8.8",
            "100.63.0.1",
            "100.128.0.1",
            "172.32.0.1",
            "223.5.5.5",
            "2400:3200::1",
            "2001:4860:4860::8888",
        ] {
            assert!(is_public(text.parse().expect("an address")), "{text}");
        }
    }
}
