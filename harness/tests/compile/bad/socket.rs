use spawncheck::check;
use std::net::TcpStream;

fn answer(_: TcpStream) {}

fn main() {
    let _ = check(answer);
}
