-- HAProxy asks ent-login whether a request may pass: loaded by haproxy.cfg, which says how.
--
-- One action, "ent-login", for http-request. It sets txn.ent_login to "pass" if the portal says yes, and only then; it ends
-- the request itself with the portal's answer if that is anything else. What it cannot decide is left for haproxy.cfg to
-- refuse: an error in here must not open anything.

local authz = os.getenv("ENT_LOGIN_AUTHZ") or "127.0.0.1:8424"
local address, port = authz:match("^(.*):(%d+)$")

-- In seconds. Answers come from memory; only somebody's first request after a while waits for the directory.
local limit = 5

-- What the portal is told of the browser's own headers; nothing else gets through.
local passed = { "cookie", "user-agent", "accept", "accept-language", "sec-fetch-mode", "x-requested-with" }
-- What the browser is told of the portal's answer.
local shown = {
    "location", "www-authenticate", "content-type", "cache-control", "retry-after", "content-security-policy",
    "referrer-policy", "x-content-type-options", "x-frame-options",
}
local identity = { ["remote-user"] = "user", ["remote-groups"] = "groups", ["remote-name"] = "name", ["remote-email"] = "email" }

local function question(txn)
    local lines = {
        "GET /api/authz/forward-auth HTTP/1.1",
        "host: " .. authz,
        "connection: close",
        "x-forwarded-method: " .. txn.f:method(),
        "x-forwarded-proto: https",
        "x-forwarded-host: " .. (txn.f:req_hdr("host") or ""),
        "x-forwarded-uri: " .. txn.f:pathq(),
        "x-forwarded-for: " .. txn.f:src(),
    }
    local headers = txn.http:req_get_headers()
    for _, name in ipairs(passed) do
        for _, value in pairs(headers[name] or {}) do
            table.insert(lines, name .. ": " .. value)
        end
    end
    return table.concat(lines, "\r\n") .. "\r\n\r\n"
end

-- Asks the portal; nil if there is no whole answer in time.
local function ask(text)
    local socket = core.tcp()
    socket:settimeout(limit)
    if not socket:connect(address, tonumber(port)) or not socket:send(text) then
        socket:close()
        return nil
    end
    local line = socket:receive("*l")
    local status = line and tonumber(line:match("^HTTP/1%.%d (%d%d%d)"))
    local headers = {}
    while status do
        line = socket:receive("*l")
        if not line then status = nil end
        if not line or line == "" or line == "\r" then break end
        local name, value = line:match("^([^:]+):%s*(.-)%s*$")
        if name then headers[name:lower()] = value end
    end
    local body = ""
    local length = tonumber(headers["content-length"] or "")
    if status and length and length > 0 and length < 1048576 then body = socket:receive(length) or "" end
    socket:close()
    if not status then return nil end
    return status, headers, body
end

core.register_action("ent-login", { "http-req" }, function(txn)
    txn:set_var("txn.ent_login", "unknown")
    local status, headers, body = ask(question(txn))
    if status == 200 then
        for name, variable in pairs(identity) do
            txn:set_var("txn.ent_login_" .. variable, headers[name] or "")
        end
        txn:set_var("txn.ent_login", "pass")
    elseif status and status >= 300 and status <= 599 then
        local reply = txn:reply({ status = status, body = txn.f:method() ~= "HEAD" and body or "" })
        for _, name in ipairs(shown) do
            if headers[name] then reply:add_header(name, headers[name]) end
        end
        txn:done(reply)
    end
end, 0)

-- The request's cookies without those of ent-login.
core.register_fetches("application_cookies", function(txn)
    local kept = {}
    for _, line in pairs(txn.http:req_get_headers()["cookie"] or {}) do
        for cookie in line:gmatch("[^;]+") do
            local text = cookie:match("^%s*(.-)%s*$")
            local name = text:match("^([^=]*)")
            if name ~= "__Host-ent_login" and name ~= "__Host-ent_login_state" and name ~= "__Host-ent_login_visitor"
                and name ~= "__Host-ent_login_remember" and text ~= "" then
                table.insert(kept, text)
            end
        end
    end
    return table.concat(kept, "; ")
end)
