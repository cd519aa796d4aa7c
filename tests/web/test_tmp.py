from personas import NL
def test_grounds(office, visit):
    r = visit(NL, grounds=False).get("/grounds/")
    assert r.status_code == 200, r.content
    print(r.content.decode()[:300])
    r = visit(NL).post("/grounds/", {"purpose": "18.2.a", "case": "c", "legal_ground": "criminal_investigation", "justification": "x", "onward": "/help/"})
    assert r.status_code == 302 and r.headers["Location"] == "/help/"
    assert visit(NL).get("/help/").status_code == 200
    assert visit(NL).get("/nothing/").status_code == 404
